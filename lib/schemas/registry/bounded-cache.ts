interface CachedValue<Value> {
  value: Promise<Value>;
  /** Unix milliseconds. */
  endsAt: number;
}

/**
 * Keeps what was loaded last, so much of it. Who asks for the same at the same time shares one load; one that fails is forgotten.
 */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, CachedValue<Value>>();
  readonly #most: number;
  readonly #lifetimeOf: (value: Value) => number;

  /** @param lifetimeOf milliseconds for which a value is kept; for good unless given */
  constructor(most: number, lifetimeOf: (value: Value) => number = () => Number.POSITIVE_INFINITY) {
    this.#most = most;
    this.#lifetimeOf = lifetimeOf;
  }

  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.endsAt > Date.now()) {
      // What is used is kept longest.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    return this.#load(key, load);
  }

  #load(key: string, load: () => Promise<Value>): Promise<Value> {
    const entry: CachedValue<Value> = { value: load(), endsAt: Number.POSITIVE_INFINITY };
    this.set(key, entry);
    entry.value.then(
      (value) => {
        entry.endsAt = Date.now() + this.#lifetimeOf(value);
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.value;
  }

  set(key: string, entry: CachedValue<Value>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
    }
  }

  /** Puts a value in that is known already. */
  add(key: string, value: Value): void {
    this.set(key, { value: Promise.resolve(value), endsAt: Date.now() + this.#lifetimeOf(value) });
  }
}
