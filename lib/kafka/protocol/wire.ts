import type { Time } from '../record.ts';

/** Writes Kafka's wire encoding, as far as the non-flexible versions of our requests need it. Every method returns the writer. */
export class Writer {
  #bytes = Buffer.allocUnsafe(256);
  #at = 0;

  int8(value: number): this {
    this.#reserve(1);
    this.#at = this.#bytes.writeInt8(value, this.#at);
    return this;
  }

  uint8(value: number): this {
    this.#reserve(1);
    this.#at = this.#bytes.writeUInt8(value, this.#at);
    return this;
  }

  int16(value: number): this {
    this.#reserve(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
    return this;
  }

  int32(value: number): this {
    this.#reserve(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
    return this;
  }

  /** Numbers are exact up to 2^53. */
  int64(value: number | bigint): this {
    this.#reserve(8);
    if (typeof value === 'bigint') this.#bytes.writeBigInt64BE(value, this.#at);
    else writeInt64(this.#bytes, value, this.#at);
    this.#at += 8;
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  /** A string, or null if the protocol allows it. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    return this.int16(Buffer.byteLength(value)).text(value);
  }

  /** Text, without its length. */
  text(value: string): this {
    this.#reserve(3 * value.length);
    this.#at += this.#bytes.write(value, this.#at);
    return this;
  }

  bytes(value: Buffer): this {
    this.#reserve(value.length);
    this.#at += value.copy(this.#bytes, this.#at);
    return this;
  }

  /** An array: its length, then what `write` writes for each item. Null is written as the protocol's null array. */
  array<T>(items: readonly T[] | null, write: (item: T) => void): this {
    this.int32(items === null ? -1 : items.length);
    for (const item of items ?? []) write(item);
    return this;
  }

  /** What was written so far; do not use the writer again. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#at + size) * 2);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

/** Reads Kafka's wire encoding. Reading past the end throws a RangeError: the answer does not match its version. */
export class Reader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  int8(): number {
    return this.bytes.readInt8(this.at++);
  }

  int16(): number {
    const value = this.bytes.readInt16BE(this.at);
    this.at += 2;
    return value;
  }

  int32(): number {
    const value = this.bytes.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  bigint64(): bigint {
    const value = this.bytes.readBigInt64BE(this.at);
    this.at += 8;
    return value;
  }

  /** A producer's time: a bigint if a number cannot hold it exactly. */
  time(): Time {
    const time = this.bigint64();
    return time >= Number.MIN_SAFE_INTEGER && time <= Number.MAX_SAFE_INTEGER ? Number(time) : time;
  }

  /** A 64-bit number that stays below 2^53 in practice: an offset, or a broker's time. */
  int64(): number {
    const value = readInt64(this.bytes, this.at);
    this.at += 8;
    return value;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  nullableString(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const start = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw new RangeError('a string reaches past the end');
    return this.bytes.toString('utf8', start, this.at);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  array<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.int32(); left > 0; left--) items.push(read());
    return items;
  }
}

const TWO_32 = 2 ** 32;

/** Exact up to 2^53, which offsets do not reach. Producers' times may exceed that: the result is then not a safe integer. */
export const readInt64 = (bytes: Buffer, at: number): number => bytes.readInt32BE(at) * TWO_32 + bytes.readUInt32BE(at + 4);

export function writeInt64(bytes: Buffer, value: number, at: number): void {
  const high = Math.floor(value / TWO_32);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * TWO_32, at + 4);
}
