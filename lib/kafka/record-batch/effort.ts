/** As much as one batch may inflate to. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Of all records of a page together. A header of two bytes becomes several objects. */
export const MOST_HEADERS_READ = 100_000;
/** How long reading may block the event loop. */
const LONGEST_TURN_MS = 150;

/** How much work reading may do, over all partitions of a page. What is left is for the next page. */
export class Effort {
  /** How many headers records may still have, over all partitions. */
  headersLeft = MOST_HEADERS_READ;
  readonly #deadline: number;
  #left: number;
  #turnBegan = performance.now();

  /**
   * @param deadline Unix milliseconds
   * @param maxBytes of batches as they are stored, and of what is inflated
   */
  constructor(deadline: number, maxBytes = MOST_BYTES) {
    this.#left = maxBytes;
    this.#deadline = deadline;
  }

  /** True when nothing more should be begun. */
  get isSpent(): boolean {
    return this.#left <= 0 || Date.now() >= this.#deadline;
  }

  /** True when the event loop must get a turn first: see {@link pause}. */
  get mustPause(): boolean {
    return performance.now() - this.#turnBegan > LONGEST_TURN_MS;
  }

  /** Counts bytes that were inflated, or searched. */
  spend(bytes: number): void {
    this.#left -= bytes;
  }

  /** Lets the event loop do what is waiting. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnBegan = performance.now();
  }
}
