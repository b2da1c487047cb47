import { expires } from '../deadline.ts';
import type { Delivery } from './delivery.ts';

/**
 * Lets one batch of a partition be under way at a time, from its sequence number to its outcome: so sequences never have a gap, and
 * what the broker remembers of us always covers a resend.
 */
export class Lanes {
  readonly #taken = new Map<string, Promise<void>>();

  /**
   * Waits until the lanes of all these deliveries are free and takes them all at once, which rules out deadlocks. Resolves with the
   * function that frees them, or with null when the deadline came first.
   */
  async enter(deliveries: readonly Delivery[], deadline: number): Promise<(() => void) | null> {
    for (;;) {
      const busy = deliveries.map(({ lane }) => this.#taken.get(lane)).filter((lane) => lane !== undefined);
      if (busy.length === 0) break;
      if (await expires(Promise.all(busy), deadline)) return null;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const { lane } of deliveries) this.#taken.set(lane, promise);
    return () => {
      for (const { lane } of deliveries) this.#taken.delete(lane);
      resolve();
    };
  }
}
