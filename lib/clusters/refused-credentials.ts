import { BoundedMap } from '../bounded-map.ts';

/** How long a refusal is remembered: not long, as Kafka may accept the same credentials later. */
const REMEMBERED_MS = 10_000;
const MAX_REFUSALS = 1000;

/** Remembers credentials that Kafka refused a moment ago, to save asking Kafka again. */
export class RefusedCredentials {
  /** Keys and when they are forgotten, in Unix milliseconds; the oldest first. */
  readonly #refused = new BoundedMap<string, number>(MAX_REFUSALS);

  /** The number of credentials that are remembered. */
  get size(): number {
    return this.#refused.size;
  }

  /** @param key names cluster and credentials; never holds a secret itself */
  add(key: string): void {
    this.#refused.set(key, Date.now() + REMEMBERED_MS);
    this.#forget();
  }

  has(key: string): boolean {
    this.#forget();
    return this.#refused.has(key);
  }

  #forget(): void {
    for (const [key, until] of this.#refused) {
      if (until > Date.now()) return;
      this.#refused.delete(key);
    }
  }
}
