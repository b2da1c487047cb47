/** How long a refusal is remembered: short, as the same credentials may be right by then. */
const REMEMBERED_MS = 10_000;
const MAX_REFUSALS = 1000;

/** Credentials that Kafka refused a moment ago, and need not be asked about again. */
export class Refusals {
  /** Keys and when they are forgotten, in Unix milliseconds; the oldest first. */
  readonly #refused = new Map<string, number>();

  /** How many are remembered. */
  get size(): number {
    return this.#refused.size;
  }

  /** @param key names cluster and credentials; never holds a secret itself */
  add(key: string): void {
    this.#refused.delete(key);
    this.#refused.set(key, Date.now() + REMEMBERED_MS);
    this.#forget();
  }

  has(key: string): boolean {
    this.#forget();
    return this.#refused.has(key);
  }

  #forget(): void {
    for (const [key, until] of this.#refused) {
      if (until > Date.now() && this.#refused.size <= MAX_REFUSALS) return;
      this.#refused.delete(key);
    }
  }
}
