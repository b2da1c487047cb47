import type { Delivery } from './delivery.ts';

/** A batch's place in the queue of its lane. */
interface Place {
  readonly one: Delivery;
  readonly called: () => void;
}

/**
 * Lets one batch of a partition be in flight at a time, from its sequence number to its outcome: so sequences never have a gap, and
 * what the broker remembers always covers a resend. Each lane serves its batches in order of arrival. A caller with batches for several
 * lanes queues in all of them at once, and does not hold free lanes while it waits for the others.
 */
export class Lanes {
  /** The batch whose turn it is, and those behind it. */
  readonly #queues = new Map<string, Place[]>();

  /**
   * Takes a place in the lane of each of these deliveries. The caller must leave every one of them.
   *
   * @param called called whenever a delivery that had to wait gets its turn
   */
  enter(deliveries: readonly Delivery[], called: () => void): void {
    for (const one of deliveries) {
      const queue = this.#queues.get(one.lane);
      if (queue) queue.push({ one, called });
      else this.#queues.set(one.lane, [{ one, called }]);
    }
  }

  /** True when it is this delivery's turn in its lane. */
  isTurnOf(one: Delivery): boolean {
    return this.#queues.get(one.lane)?.[0].one === one;
  }

  /** Frees the lane of a delivery, or gives up its place in the queue; does nothing if it has none. */
  leave(one: Delivery): void {
    const queue = this.#queues.get(one.lane) ?? [];
    const at = queue.findIndex((place) => place.one === one);
    if (at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(one.lane);
    else if (at === 0) queue[0].called();
  }
}
