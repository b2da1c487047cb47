import type { Slice } from '../kafka/record.ts';
import { WorkBudget } from './work-budget.ts';

const CHUNK = 16 * 1024;
/** Lengths up to here take one byte, and their characters are copied faster one by one. */
const MOST_SHORT = 63;
/** Buffers grow with what there is up to here. */
const LARGE_CHUNK = 1024 * 1024;
/** Numbers up to here, and their zigzag forms, are exact. */
const MOST_EXACT = 2 ** 52;

/** Collects the bytes of one field after the other, in buffers that many of them share. */
export class ByteSink {
  bytes = Buffer.allocUnsafe(0);
  at = 0;
  /** How often something was written to see whether it fits, in this field. */
  attempts = 0;
  /** Of all fields. */
  readonly budget: WorkBudget;
  #view = new DataView(new ArrayBuffer(0));
  #start = 0;
  readonly #chunk: number;

  /** @param chunk bytes of the first buffer */
  constructor(budget = new WorkBudget(), chunk = CHUNK) {
    this.budget = budget;
    this.#chunk = chunk;
  }

  /** Begins a field; what was begun and not finished is dropped. */
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

  /** Bytes of the field so far; may be set back to take some away. */
  get begun(): number {
    return this.at - this.#start;
  }

  set begun(length: number) {
    this.at = this.#start + length;
  }

  #reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const begun = this.at - this.#start;
    // Fields that are finished stay where they are.
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

  /** Big-endian, as the schema's id is. */
  int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.at, value);
    this.at += 4;
  }

  /** Little-endian, as Avro has them. */
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

  /** A zigzag varint of an integer that is safe. */
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

  /** Short text of ASCII, behind its length. @returns false, and nothing is written, when it is another one */
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

  /** Text as UTF-8, behind its length in bytes. */
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.#reserve(length);
    this.at += this.bytes.write(value, this.at);
  }
}
