import type { Delivery } from './delivery.ts';

/** A batch's place in the queue of its lane. */
interface Place {
  readonly one: Delivery;
  readonly called: () => void;
}

/**
 * Lets one batch of a partition be under way at a time, from its sequence number to its outcome: so sequences never have a gap, and
 * what the broker remembers of us always covers a resend. Whoever comes first goes first, in each lane: who has batches for several
 * lanes queues in all of them at once, and holds none of those that are free while it waits for the others.
 */
export class Lanes {
  /** The batch whose turn it is, and those behind it. */
  readonly #queues = new Map<string, Place[]>();

  /**
   * Takes a place in the lane of each of these deliveries. Each must be left in the end.
   *
   * @param called is called whenever the turn of one comes that had to wait
   */
  enter(deliveries: readonly Delivery[], called: () => void): void {
    for (const one of deliveries) {
      const queue = this.#queues.get(one.lane);
      if (queue) queue.push({ one, called });
      else this.#queues.set(one.lane, [{ one, called }]);
    }
  }

  /** True when the lane is this delivery's. */
  isTurnOf(one: Delivery): boolean {
    return this.#queues.get(one.lane)?.[0].one === one;
  }

  /** Frees the lane of a delivery, or gives up its place in the queue; once it has none, this does nothing. */
  leave(one: Delivery): void {
    const queue = this.#queues.get(one.lane) ?? [];
    const at = queue.findIndex((place) => place.one === one);
    if (at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(one.lane);
    else if (at === 0) queue[0].called();
  }
}
