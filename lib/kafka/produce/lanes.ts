import { expires } from '../../deadline.ts';
import type { Delivery } from './delivery.ts';

/**
 * Lets one batch of a partition be under way at a time, from its sequence number to its outcome: so sequences never have a gap, and
 * what the broker remembers of us always covers a resend.
 */
export class Lanes {
  readonly #taken = new Map<string, Promise<void>>();

  /**
   * Waits, if it must, until the lanes of all these deliveries are free and takes them all at once, which rules out deadlocks. Returns
   * the function that frees them, or null when the deadline came first.
   */
  enter(deliveries: readonly Delivery[], deadline: number): (() => void) | Promise<(() => void) | null> {
    const busy = this.#busy(deliveries);
    return busy.length === 0 ? this.#take(deliveries) : this.#queue(busy, deliveries, deadline);
  }

  async #queue(first: Promise<void>[], deliveries: readonly Delivery[], deadline: number): Promise<(() => void) | null> {
    for (let busy = first; busy.length > 0; busy = this.#busy(deliveries)) {
      if (await expires(Promise.all(busy), deadline)) return null;
    }
    return this.#take(deliveries);
  }

  #busy(deliveries: readonly Delivery[]): Promise<void>[] {
    if (this.#taken.size === 0) return [];
    return deliveries.map(({ lane }) => this.#taken.get(lane)).filter((lane) => lane !== undefined);
  }

  #take(deliveries: readonly Delivery[]): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const { lane } of deliveries) this.#taken.set(lane, promise);
    return () => {
      for (const { lane } of deliveries) this.#taken.delete(lane);
      resolve();
    };
  }
}
