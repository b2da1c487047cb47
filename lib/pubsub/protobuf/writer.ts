import type { Slice } from '../../kafka/record.ts';

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Writes the fields of a message. Zero and empty fields are left out, as in proto3. */
export interface MessageWriter {
  /** An int32, an int64 or an enum; the value must be an exact integer. */
  integer(field: number, value: number | bigint): void;
  bool(field: number, value: boolean): void;
  string(field: number, text: string): void;
  bytes(field: number, bytes: Buffer): void;
  /** A field that is `optional`: left out when it is null, but not when it is empty. */
  optionalBytes(field: number, slice: Slice | null): void;
  optionalInteger(field: number, value: number | null): void;
  /** A nested message; written even when it is empty. */
  message(field: number, write: (writer: MessageWriter) => void): void;
}

/** Encodes a message. */
export function encodeMessage(write: (writer: MessageWriter) => void): Buffer {
  const bytes = Buffer.allocUnsafe(sizeOfMessage(write));
  write(new Writer(bytes));
  return bytes;
}

/** The size of a message in bytes. */
export function sizeOfMessage(write: (writer: MessageWriter) => void): number {
  const writer = new Writer(null);
  write(writer);
  return writer.size;
}

/** Joins messages to a stream, each after its length. */
export const joinDelimited = (messages: readonly Buffer[]): Buffer =>
  Buffer.concat(
    messages.flatMap((message) => {
      const length = new Writer(Buffer.allocUnsafe(varintSize(message.length)));
      length.varint(message.length);
      return [length.written, message];
    }),
  );

/** Writes into the given bytes, which must suffice; without bytes it only counts. */
class Writer implements MessageWriter {
  size = 0;
  readonly #bytes: Buffer | null;

  constructor(bytes: Buffer | null) {
    this.#bytes = bytes;
  }

  get written(): Buffer {
    return this.#bytes?.subarray(0, this.size) ?? Buffer.alloc(0);
  }

  integer(field: number, value: number | bigint): void {
    if (value !== 0 && value !== 0n) this.optionalInteger(field, value);
  }

  optionalInteger(field: number, value: number | bigint | null): void {
    if (value === null) return;
    this.varint(field * 8 + VARINT);
    this.varint(value);
  }

  bool(field: number, value: boolean): void {
    if (value) this.integer(field, 1);
  }

  string(field: number, text: string): void {
    if (text === '') return;
    const length = Buffer.byteLength(text);
    this.#begin(field, length);
    this.#bytes?.write(text, this.size);
    this.size += length;
  }

  bytes(field: number, bytes: Buffer): void {
    if (bytes.length > 0) this.optionalBytes(field, { bytes, start: 0, end: bytes.length });
  }

  optionalBytes(field: number, slice: Slice | null): void {
    if (slice === null) return;
    const { bytes, start, end } = slice;
    this.#begin(field, end - start);
    if (this.#bytes !== null) bytes.copy(this.#bytes, this.size, start, end);
    this.size += end - start;
  }

  message(field: number, write: (writer: MessageWriter) => void): void {
    const length = sizeOfMessage(write);
    this.#begin(field, length);
    if (this.#bytes === null) this.size += length;
    else write(this);
  }

  varint(value: number | bigint): void {
    let rest = Number.isSafeInteger(value) && value >= 0 ? Number(value) : BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80) {
      this.#put((Number(typeof rest === 'bigint' ? rest & 0x7fn : rest % 0x80) & 0x7f) | 0x80);
      rest = typeof rest === 'bigint' ? rest >> 7n : Math.floor(rest / 0x80);
    }
    this.#put(Number(rest));
  }

  #begin(field: number, length: number): void {
    this.varint(field * 8 + LENGTH_DELIMITED);
    this.varint(length);
  }

  #put(byte: number): void {
    if (this.#bytes !== null) this.#bytes[this.size] = byte;
    this.size++;
  }
}

function varintSize(value: number): number {
  const writer = new Writer(null);
  writer.varint(value);
  return writer.size;
}
