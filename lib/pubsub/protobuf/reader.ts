import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { notAProtobufMessage } from '../../messages/pubsub.ts';
import { tooManyOf } from '../../messages/requests.ts';

/** A field as it stands in a message: the value of a varint, or the bytes of anything that has a length. */
export type Field = { readonly number: number } & ({ readonly varint: bigint } | { readonly bytes: Buffer });

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
/** A varint of 64 bits has at most so many bytes. */
const MAX_VARINT = 10;

/**
 * The fields of a message in protobuf's wire format, in their order. Bytes are not copied. Fields of fixed width, of which this protocol
 * has none, are passed over, as every field that is not known has to be.
 *
 * @throws {GatewayError} BadRequest when the bytes are no message
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
 * Cuts a stream of messages, each with its length in front as a varint, into the messages.
 *
 * @throws {GatewayError} BadRequest when a length does not fit; TooLarge for more messages than `maxMessages`
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

  /** Without a sign; bits beyond the 64th are dropped, as everywhere. */
  varint(): bigint {
    let low = 0;
    // Most are short, and numbers are faster.
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

  /** The same as a number, exact to 2^53: of fields and lengths, which are shorter. */
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
