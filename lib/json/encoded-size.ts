import { escapedLength } from './escaped-length.ts';
import type { JsonWriter } from './json-writer.ts';

/**
 * Tracks the size of a growing JSON text as a string inside another JSON text, the form in which Lambda carries a response's body: a quote
 * or a backslash takes one more byte, a control character one or five more.
 */
export class EncodedSize {
  private counted = 0;
  private size = 0;
  readonly #growth: number;

  /**
   * @param growth the most bytes that one byte of the text may take: two for JSON text, whose only raw control characters are whitespace
   */
  constructor(growth = 2) {
    this.#growth = growth;
  }

  /**
   * True when the text so far takes at most `limit` bytes, without the quotes around it. Exact, yet cheap: it reads no byte while the worst
   * case fits, and none twice. Text that was found to fit must not be taken back.
   */
  fits(out: JsonWriter, limit: number): boolean {
    if (this.size + this.#growth * (out.at - this.counted) <= limit) return true;
    const size = this.size + escapedLength(out.bytes, this.counted, out.at);
    if (size > limit) return false;
    this.size = size;
    this.counted = out.at;
    return true;
  }
}
