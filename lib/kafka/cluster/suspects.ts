/** How long a silent broker is asked last. */
const SUSPECT_MS = 10_000;

/** Brokers that were silent or unreachable lately, by address. */
export class Suspects {
  readonly #until = new Map<string, number>();

  add(address: string): void {
    this.#until.set(address, Date.now() + SUSPECT_MS);
  }

  /** Clears a broker that has answered. */
  clear(address: string): void {
    if (this.#until.size > 0) this.#until.delete(address);
  }

  has(address: string): boolean {
    return this.#until.size > 0 && (this.#until.get(address) ?? 0) > Date.now();
  }
}
