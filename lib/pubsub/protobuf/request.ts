import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { notAProtobufMessage } from '../../messages/pubsub.ts';
import { Budget } from '../budget.ts';
import { ListOfTexts, MOST_FILTERS, MOST_SUBSCRIBED_TOPICS } from '../list-of-texts.ts';
import type { Command, ProduceRecord, PubSubRequest } from '../messages.ts';
import { type Field, fieldsOf } from './reader.ts';

const commands: Readonly<Record<number, (bytes: Buffer, budget: Budget) => Command>> = {
  31: readEmpty,
  32: (bytes) => ({ kind: 'ping', state: readFields(bytes).bytes(1) ?? Buffer.alloc(0) }),
  33: readFetch,
  34: readListOffset,
  101: readProduce,
  102: readSubscribe,
  103: readCredit,
  104: (bytes) => ({ kind: 'unsubscribe', subscription: readFields(bytes).int64(1) }),
};

/**
 * Reads a `PubSubReq`. Keys, values and states are slices of the bytes.
 *
 * @throws {GatewayError} BadRequest when the bytes are not one; TooLarge for more than a request may have
 */
export function decodeRequest(bytes: Buffer, budget: Budget = new Budget()): PubSubRequest {
  // Of a oneof, the last field counts.
  let number: number | undefined;
  const fields = readFields(bytes, (field) => {
    if (field.number in commands) number = field.number;
  });
  const command = number === undefined ? null : commands[number](fields.bytes(number) ?? Buffer.alloc(0), budget);
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

function readProduce(bytes: Buffer, budget: Budget): Command {
  const records: ProduceRecord[] = [];
  const fields = readFields(bytes, ({ number, bytes: record }) => {
    if (number !== 2) return;
    budget.takeRecord();
    records.push(readRecord(record, budget));
  });
  return {
    kind: 'produce',
    topic: fields.text(1),
    records,
    acks: fields.int32(3),
    compression: fields.int32(4),
  };
}

function readRecord(bytes: Buffer, budget: Budget): ProduceRecord {
  const headers: Header[] = [];
  const fields = readFields(bytes, ({ number, bytes: header }) => {
    if (number !== 5) return;
    budget.takeHeader();
    headers.push(readHeader(header));
  });
  return {
    partition: fields.has(1) ? fields.int32(1) : null,
    timestamp: fields.has(2) ? fields.int64(2) : null,
    key: sliceOf(fields.bytes(3)),
    value: sliceOf(fields.bytes(4)),
    headers,
  };
}

function readHeader(bytes: Buffer): Header {
  const fields = readFields(bytes);
  return { key: fields.text(1), value: fields.bytes(2) };
}

function readSubscribe(bytes: Buffer): Command {
  const lists = { topics: new ListOfTexts('topics', MOST_SUBSCRIBED_TOPICS), filters: new ListOfTexts('filters', MOST_FILTERS) };
  const fields = readFields(bytes, ({ number, bytes: text }) => {
    if (number === 1) lists.topics.add(textOf(text));
    if (number === 4) lists.filters.add(textOf(text));
  });
  return {
    kind: 'subscribe',
    topics: lists.topics.texts,
    cursor: fields.text(2),
    from: fields.text(3),
    filters: lists.filters.texts,
    isolation: fields.int32(5),
    credit: fields.int32(6),
    keyFormat: fields.int32(7),
    valueFormat: fields.int32(8),
  };
}

function readCredit(bytes: Buffer): Command {
  const fields = readFields(bytes);
  return { kind: 'credit', subscription: fields.int64(1), credit: fields.int32(2) };
}

const sliceOf = (bytes: Buffer | null): Slice | null => (bytes === null ? null : whole(bytes));

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Buffer | null): string {
  try {
    return utf8.decode(bytes ?? undefined);
  } catch (cause) {
    throw notAProtobufMessage.with({ cause }, 'a string is not UTF-8');
  }
}

/** The protocol's highest field number. Fields above it are not kept: a message may have millions of them. */
const HIGHEST_NUMBER = 104;

/** The fields of a message by number. A field of another type than expected counts as unknown; of several, the last one counts. */
class Fields {
  readonly #varints = new Map<number, bigint>();
  readonly #bytes = new Map<number, Buffer>();

  add(field: Field): void {
    if (field.number > HIGHEST_NUMBER) return;
    if ('varint' in field) this.#varints.set(field.number, field.varint);
    else this.#bytes.set(field.number, field.bytes);
  }

  has(number: number): boolean {
    return this.#varints.has(number);
  }

  int32(number: number): number {
    return Number(BigInt.asIntN(32, this.#varints.get(number) ?? 0n));
  }

  int64(number: number): bigint {
    return BigInt.asIntN(64, this.#varints.get(number) ?? 0n);
  }

  text(number: number): string {
    return textOf(this.bytes(number));
  }

  bytes(number: number): Buffer | null {
    return this.#bytes.get(number) ?? null;
  }
}

/** @param each called with every field that is a message or bytes, in order */
function readFields(message: Buffer, each: (field: Field & { bytes: Buffer }) => void = () => {}): Fields {
  const fields = new Fields();
  for (const field of fieldsOf(message)) {
    fields.add(field);
    if ('bytes' in field) each(field);
  }
  return fields;
}
