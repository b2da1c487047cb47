import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { notAProtobufMessage } from '../../messages/pubsub.ts';
import type { Command, PubSubRequest } from '../messages.ts';
import { type Field, fieldsOf } from './reader.ts';

const commands: Readonly<Record<number, (bytes: Buffer) => Command>> = {
  31: readEmpty,
  32: (bytes) => ({ kind: 'ping', state: readFields(bytes).bytes(1) ?? Buffer.alloc(0) }),
  33: readFetch,
  34: readListOffset,
  101: readProduce,
};

/**
 * Reads a `PubSubReq`. Keys, values and states are slices of the bytes.
 *
 * @throws {GatewayError} BadRequest when the bytes are none
 */
export function decodeRequest(bytes: Buffer): PubSubRequest {
  const fields = readFields(bytes);
  // Of a oneof the last one counts.
  const number = fields.last(commands);
  const command = number === undefined ? null : commands[number](fields.bytes(number) ?? Buffer.alloc(0));
  return { sequence: fields.int64(1), command };
}

function readEmpty(bytes: Buffer): Command {
  readFields(bytes);
  return { kind: 'empty' };
}

function readListOffset(bytes: Buffer): Command {
  const fields = readFields(bytes);
  return { kind: 'list-offset', topic: fields.text(1), partition: fields.int32(2), timestamp: fields.int64(3) };
}

function readFetch(bytes: Buffer): Command {
  const fields = readFields(bytes);
  return {
    kind: 'fetch',
    topic: fields.text(1),
    partition: fields.int32(2),
    offset: fields.int64(3),
    maxWaitMs: fields.int32(101),
    minBytes: fields.int32(102),
    maxBytes: fields.int32(103),
    isolation: fields.int32(104),
  };
}

function readProduce(bytes: Buffer): Command {
  const fields = readFields(bytes);
  return {
    kind: 'produce',
    topic: fields.text(1),
    records: fields.all(2).map(readRecord),
    acks: fields.int32(3),
    compression: fields.int32(4),
  };
}

function readRecord(bytes: Buffer) {
  const fields = readFields(bytes);
  return {
    partition: fields.has(1) ? fields.int32(1) : null,
    timestamp: fields.has(2) ? fields.int64(2) : null,
    key: sliceOf(fields.bytes(3)),
    value: sliceOf(fields.bytes(4)),
    headers: fields.all(5).map(readHeader),
  };
}

function readHeader(bytes: Buffer): Header {
  const fields = readFields(bytes);
  return { key: fields.text(1), value: fields.bytes(2) };
}

const sliceOf = (bytes: Buffer | null): Slice | null => (bytes === null ? null : whole(bytes));

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The fields of a message by their numbers. One of another type than asked for counts as unknown; of several, the last one counts. */
class Fields {
  readonly #fields: readonly Field[];

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  /** Of those of its fields that are messages or bytes, the last one that is known. */
  last(known: object): number | undefined {
    return this.#fields.findLast((field) => 'bytes' in field && field.number in known)?.number;
  }

  has(number: number): boolean {
    return this.#varint(number) !== undefined;
  }

  int32(number: number): number {
    return Number(BigInt.asIntN(32, this.#varint(number) ?? 0n));
  }

  int64(number: number): bigint {
    return BigInt.asIntN(64, this.#varint(number) ?? 0n);
  }

  text(number: number): string {
    try {
      return utf8.decode(this.bytes(number) ?? undefined);
    } catch (cause) {
      throw notAProtobufMessage.with({ cause }, 'a string is not UTF-8');
    }
  }

  bytes(number: number): Buffer | null {
    return this.all(number).at(-1) ?? null;
  }

  all(number: number): Buffer[] {
    return this.#fields.flatMap((field) => (field.number === number && 'bytes' in field ? field.bytes : []));
  }

  #varint(number: number): bigint | undefined {
    const field = this.#fields.findLast((one) => one.number === number && 'varint' in one);
    return field !== undefined && 'varint' in field ? field.varint : undefined;
  }
}

const readFields = (bytes: Buffer): Fields => new Fields([...fieldsOf(bytes)]);
