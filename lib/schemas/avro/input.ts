import type { JsonWriter } from '../../json/json-writer.ts';
import type { Slice } from '../../kafka/record.ts';
import { Misfit } from '../misfit.ts';
import type { TextBudget } from '../text-budget.ts';

/** How deep values may be nested: reading recurses. */
const MAX_DEPTH = 500;

/** Reads Avro's binary encoding from its beginning. Every read throws Misfit when the bytes end too early. */
export class AvroInput {
  readonly bytes: Buffer;
  at: number;
  readonly #end: number;
  readonly #out: JsonWriter;
  readonly #limit: number;
  readonly #budget: TextBudget;
  #depth = 0;

  constructor({ bytes, start, end }: Slice, out: JsonWriter, budget: TextBudget) {
    this.bytes = bytes;
    this.at = start;
    this.#end = end;
    this.#out = out;
    this.#limit = out.at + budget.forOne;
    this.#budget = budget;
  }

  /** How many bytes are not read yet. */
  get left(): number {
    return this.#end - this.at;
  }

  /** Skips bytes. @returns where they begin */
  skip(length: number): number {
    const start = this.at;
    if (length > this.#end - start || length < 0) throw new Misfit('ends before its last byte');
    this.at = start + length;
    return start;
  }

  byte(): number {
    return this.bytes[this.skip(1)];
  }

  /** An integer of up to 64 bits; a bigint if a number would not be exact. */
  long(): number | bigint {
    const { bytes } = this;
    let result = 0;
    let factor = 1;
    for (let i = 0; i < 7; i++) {
      const byte = bytes[this.skip(1)];
      result += (byte & 0x7f) * factor;
      if (byte < 0x80) return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
      factor *= 0x80;
    }
    return this.#big(BigInt(result));
  }

  #big(low: bigint): number | bigint {
    let result = low;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const value = (result >> 1n) ^ -(result & 1n);
        if (BigInt.asIntN(64, value) !== value) break;
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
      }
    }
    throw new Misfit('holds an integer of more than 64 bits');
  }

  /** An integer that is an index or a count. */
  integer(): number {
    const value = this.long();
    if (typeof value === 'bigint') throw new Misfit('holds a number that is far too large for its place');
    return value;
  }

  float(): number {
    return this.bytes.readFloatLE(this.skip(4));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.skip(8));
  }

  /** Call it before reading something that may contain itself. */
  enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new Misfit(`is nested deeper than ${MAX_DEPTH} levels`);
  }

  leave(): void {
    this.#depth--;
  }

  /** Call it for each item or part that may have no bytes of its own, or whose text is that of a name in the schema, of any length. */
  checkText(): void {
    if (this.#out.at > this.#limit) throw this.#budget.exceeded();
  }

  /** @throws {Misfit} when bytes are left */
  finish(): void {
    if (this.at !== this.#end) throw new Misfit(`has ${this.#end - this.at} bytes more than its schema says`);
  }
}
