interface CachedValue<Value> {
  value: Promise<Value>;
  /** Unix milliseconds. */
  endsAt: number;
  /** Its approximate size in characters. */
  size: number;
}

/** The size of a cache, in characters of keys and values: a schema's text may have 1 MB. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Keeps the most recently used values, within limits. Concurrent callers with the same key share one load; a failed load is forgotten. */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, CachedValue<Value>>();
  readonly #most: number;
  readonly #lifetimeOf: (value: Value) => number;
  readonly #sizeOf: (value: Value) => number;
  #size = 0;

  /**
   * @param most the most values
   * @param lifetimeOf how long to keep a value, in milliseconds; forever by default
   * @param sizeOf the approximate size of a value in characters; 0 by default
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
      // Moves to the end: the least recently used entry goes first.
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

  /** Adds the size of a loaded value, if it is still cached. */
  #grow(key: string, entry: CachedValue<Value>, by: number): void {
    if (this.#entries.get(key) !== entry) return;
    entry.size += by;
    this.#size += by;
    this.#shrink();
  }

  /** Keeps the newest entry, whatever its size. */
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

  /** Adds a value that is already known. */
  add(key: string, value: Value): void {
    const size = key.length + this.#sizeOf(value);
    this.#set(key, { value: Promise.resolve(value), endsAt: Date.now() + this.#lifetimeOf(value), size });
  }
}
