/**
 * A Map with a bound: with more entries, those that were set the longest ago are dropped. Setting a key again makes it the newest; reading
 * it does not.
 */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  /** The most entries. A lower bound holds from the next `set` on. */
  bound: number;

  constructor(bound: number) {
    super();
    this.bound = bound;
  }

  override set(key: Key, value: Value): this {
    this.delete(key); // so that it comes last
    super.set(key, value);
    if (this.size > this.bound) this.#shrink();
    return this;
  }

  #shrink(): void {
    for (const oldest of this.keys()) {
      if (this.size <= this.bound) return;
      this.delete(oldest);
    }
  }
}
