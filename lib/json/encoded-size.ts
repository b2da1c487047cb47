import { escapedLength } from './escaped-length.ts';
import type { JsonWriter } from './json-writer.ts';

/**
 * Follows how large a growing JSON text is as a string inside another JSON text, the way Lambda carries a response's body: a quote
 * or a backslash takes one byte more, a control character one or five more.
 */
export class EncodedSize {
  private counted = 0;
  private size = 0;
  readonly #growth: number;

  /** @param growth the most bytes that one of the text may take: two in JSON text, where no control character stands by itself but white space */
  constructor(growth = 2) {
    this.#growth = growth;
  }

  /**
   * True when the text so far takes at most `limit` bytes, without the quotes around it. Exact, yet cheap: no byte is looked at while
   * the worst case fits, and none twice. What was found to fit must not be taken back.
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
