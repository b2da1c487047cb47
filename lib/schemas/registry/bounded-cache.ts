interface CachedValue<Value> {
  value: Promise<Value>;
  /** Unix milliseconds. */
  endsAt: number;
  /** Characters that it holds, about. */
  size: number;
}

/** Characters that a cache holds, in keys and values: texts of schemas are up to 1 MB each. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * Keeps what was loaded last, so much of it. Who asks for the same at the same time shares one load; one that fails is forgotten.
 */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, CachedValue<Value>>();
  readonly #most: number;
  readonly #lifetimeOf: (value: Value) => number;
  readonly #sizeOf: (value: Value) => number;
  #size = 0;

  /**
   * @param lifetimeOf milliseconds for which a value is kept; for good unless given
   * @param sizeOf characters that a value takes, about; none unless given
   */
  constructor(
    most: number,
    lifetimeOf: (value: Value) => number = () => Number.POSITIVE_INFINITY,
    sizeOf: (value: Value) => number = () => 0,
  ) {
    this.#most = most;
    this.#lifetimeOf = lifetimeOf;
    this.#sizeOf = sizeOf;
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
    const entry: CachedValue<Value> = { value: load(), endsAt: Number.POSITIVE_INFINITY, size: key.length };
    this.#set(key, entry);
    entry.value.then(
      (value) => {
        entry.endsAt = Date.now() + this.#lifetimeOf(value);
        this.#grow(key, entry, this.#sizeOf(value));
      },
      () => {
        if (this.#entries.get(key) === entry) this.#delete(key);
      },
    );
    return entry.value;
  }

  #set(key: string, entry: CachedValue<Value>): void {
    this.#delete(key);
    this.#entries.set(key, entry);
    this.#size += entry.size;
    this.#shrink();
  }

  /** Counts what has been loaded, if it is still there. */
  #grow(key: string, entry: CachedValue<Value>, by: number): void {
    if (this.#entries.get(key) !== entry) return;
    entry.size += by;
    this.#size += by;
    this.#shrink();
  }

  /** The newest stays, however large it is. */
  #shrink(): void {
    for (const oldest of this.#entries.keys()) {
      const isFull = this.#entries.size > this.#most || this.#size > MOST_CHARACTERS;
      if (!isFull || this.#entries.size === 1) break;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }

  /** Puts a value in that is known already. */
  add(key: string, value: Value): void {
    const size = key.length + this.#sizeOf(value);
    this.#set(key, { value: Promise.resolve(value), endsAt: Date.now() + this.#lifetimeOf(value), size });
  }
}
