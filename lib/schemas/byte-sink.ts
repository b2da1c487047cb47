import type { Slice } from '../kafka/record.ts';
import { WorkBudget } from './work-budget.ts';

const CHUNK = 16 * 1024;
/** Up to this length, the length takes one byte, and copying character by character is faster. */
const MOST_SHORT = 63;
/** Buffers grow in proportion to their content up to this size. */
const LARGE_CHUNK = 1024 * 1024;
/** Up to here, numbers and their zigzag forms are exact. */
const MOST_EXACT = 2 ** 52;

/** Collects the bytes of fields, one after the other, in buffers that many fields share. */
export class ByteSink {
  bytes = Buffer.allocUnsafe(0);
  at = 0;
  /** How often this field was written only to see whether it fits. */
  attempts = 0;
  /** Shared by all fields. */
  readonly budget: WorkBudget;
  #view = new DataView(new ArrayBuffer(0));
  #start = 0;
  readonly #chunk: number;

  /** @param chunk the size of the first buffer, in bytes */
  constructor(budget = new WorkBudget(), chunk = CHUNK) {
    this.budget = budget;
    this.#chunk = chunk;
  }

  /** Begins a field; drops one that was begun but not finished. */
  begin(): void {
    this.at = this.#start;
    this.attempts = 0;
  }

  /** Ends the field and returns its bytes. */
  finish(): Slice {
    const slice = { bytes: this.bytes, start: this.#start, end: this.at };
    this.#start = this.at;
    return slice;
  }

  /** The bytes of the field so far; may be set back to drop the last ones. */
  get begun(): number {
    return this.at - this.#start;
  }

  set begun(length: number) {
    this.at = this.#start + length;
  }

  #reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const begun = this.at - this.#start;
    // Finished fields stay in the old buffer.
    const size = Math.max(this.#chunk, Math.min(2 * this.bytes.length, LARGE_CHUNK), 2 * (begun + length));
    this.budget.allocate(size);
    const next = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(next, 0, this.#start, this.at);
    this.bytes = next;
    this.#view = new DataView(next.buffer);
    this.#start = 0;
    this.at = begun;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.bytes[this.at++] = value;
  }

  /** Big-endian, like a schema's id. */
  int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.at, value);
    this.at += 4;
  }

  /** Little-endian, as in Avro. */
  float(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.at, value, true);
    this.at += 4;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** A zigzag varint of a safe integer. */
  varint(value: number): void {
    if (value > MOST_EXACT || value < -MOST_EXACT) {
      this.bigVarint(BigInt(value));
      return;
    }
    this.#reserve(10);
    const { bytes } = this;
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest > 0x7f_ff_ff_ff) {
      bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.at++] = rest;
  }

  /** A zigzag varint of an integer of 64 bits. */
  bigVarint(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest > 0x7fn) {
      this.bytes[this.at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.at++] = Number(rest);
  }

  raw(source: Uint8Array): void {
    this.#reserve(source.length);
    this.bytes.set(source, this.at);
    this.at += source.length;
  }

  /** Writes short ASCII text after its length. @returns false, with nothing written, for any other text */
  asciiText(value: string): boolean {
    const { length } = value;
    if (length > MOST_SHORT) return false;
    this.#reserve(length + 1);
    const { bytes, at } = this;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[at + 1 + i] = code;
    }
    bytes[at] = 2 * length;
    this.at = at + 1 + length;
    return true;
  }

  /** Writes text as UTF-8 after its length in bytes. */
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.#reserve(length);
    this.at += this.bytes.write(value, this.at);
  }
}
