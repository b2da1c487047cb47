import type { Slice } from '../../kafka/record.ts';

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** A JSON array, built from values as they are found. It keeps only their bytes, as a body may have millions of them. */
export class ArrayText {
  #bytes = Buffer.allocUnsafe(64);
  #size = 0;

  add({ bytes, start, end }: Slice): void {
    // Room for a bracket or comma before the value, and for the closing bracket.
    this.#makeRoom(end - start + 2);
    this.#bytes[this.#size] = this.#size === 0 ? OPEN_BRACKET : COMMA;
    bytes.copy(this.#bytes, this.#size + 1, start, end);
    this.#size += end - start + 1;
  }

  /** The whole array; add nothing after this call. */
  done(): Slice {
    if (this.#size === 0) this.#bytes[this.#size++] = OPEN_BRACKET;
    this.#bytes[this.#size++] = CLOSE_BRACKET;
    return { bytes: this.#bytes, start: 0, end: this.#size };
  }

  #makeRoom(size: number): void {
    const needed = this.#size + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }
}
