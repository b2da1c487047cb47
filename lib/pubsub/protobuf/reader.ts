import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { notAProtobufMessage } from '../../messages/pubsub.ts';
import { tooManyOf } from '../../messages/requests.ts';

/** A field of a message: the value of a varint, or the bytes of a field with a length. */
export type Field = { readonly number: number } & ({ readonly varint: bigint } | { readonly bytes: Buffer });

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
/** The most bytes of a 64-bit varint. */
const MAX_VARINT = 10;

/**
 * The fields of a message in protobuf's wire format, in order. Bytes are not copied. Fixed-width fields are skipped: this protocol has
 * none, and readers must skip unknown fields.
 *
 * @throws {GatewayError} BadRequest when the bytes are not a message
 */
export function* fieldsOf(message: Buffer): Generator<Field, void, undefined> {
  const reader = new Reader(message);
  while (!reader.ended) {
    const tag = reader.number();
    const number = Math.floor(tag / 8);
    if (number === 0 || tag > 0xffff_ffff) throw notAProtobufMessage('a field has a number that none can have');
    switch (tag % 8) {
      case VARINT:
        yield { number, varint: reader.varint() };
        break;
      case FIXED_64:
        reader.take(8);
        break;
      case LENGTH_DELIMITED:
        yield { number, bytes: reader.take(reader.number()) };
        break;
      case FIXED_32:
        reader.take(4);
        break;
      default:
        throw notAProtobufMessage('a field is of a type that proto3 does not have');
    }
  }
}

/**
 * Splits a stream of messages, each of which follows its length as a varint.
 *
 * @throws {GatewayError} BadRequest for an invalid length; TooLarge for more messages than `maxMessages`
 */
export function splitDelimited(bytes: Buffer, maxMessages: number): Buffer[] {
  const reader = new Reader(bytes);
  const messages: Buffer[] = [];
  while (!reader.ended) {
    if (messages.length === maxMessages) throw tooManyOf('messages', maxMessages);
    messages.push(reader.take(reader.number()));
  }
  return messages;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Unsigned; bits beyond the 64th are dropped, as in other runtimes. */
  varint(): bigint {
    let low = 0;
    // Most are short, and numbers are faster than bigints.
    for (let i = 0; i < 4; i++) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let i = 4; i < MAX_VARINT; i++) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw notAProtobufMessage('a number does not end');
  }

  /** A varint as a number, exact up to 2^53: enough for field tags and lengths. */
  number(): number {
    const start = this.#at;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    this.#at = start;
    return Number(this.varint());
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (length > MAX_INT32 || end > this.#bytes.length) throw notAProtobufMessage('it ends in the middle of a field');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #byte(): number {
    if (this.ended) throw notAProtobufMessage('it ends in the middle of a number');
    return this.#bytes[this.#at++];
  }
}
