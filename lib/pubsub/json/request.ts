import { JsonScanner, scanText } from '../../json/json-scanner.ts';
import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { notAJsonMessage, notAMessage } from '../../messages/pubsub.ts';
import { Budget } from '../budget.ts';
import { ListOfTexts, MOST_FILTERS, MOST_SUBSCRIBED_TOPICS } from '../list-of-texts.ts';
import type { Command, ProduceRecord, PubSubRequest } from '../messages.ts';
import { bytes, int32, int64, listOf, type Readers, type ReadMember, readMessage, text } from './members.ts';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The commands, in the order in which an error message names them. */
const names = [
  'cmdEmpty',
  'cmdPing',
  'cmdKafkaFetch',
  'cmdKafkaListOffset',
  'cmdKafkaProduce',
  'cmdKafkaSubscribe',
  'cmdKafkaCredit',
  'cmdKafkaUnsubscribe',
] as const;

const others: Readers<Record<Exclude<(typeof names)[number], 'cmdKafkaProduce'>, Command> & { sequence: bigint }> = {
  sequence: int64,
  cmdEmpty(json, path) {
    readMessage(json, path, {});
    return { kind: 'empty' };
  },
  cmdPing: (json, path) => ({ kind: 'ping', state: Buffer.alloc(0), ...readMessage(json, path, { state: bytes }) }),
  cmdKafkaFetch: readFetch,
  cmdKafkaListOffset: readListOffset,
  cmdKafkaSubscribe: readSubscribe,
  cmdKafkaCredit: (json, path) => ({
    kind: 'credit',
    subscription: 0n,
    credit: 0,
    ...readMessage(json, path, { subscription: int64, credit: int32() }),
  }),
  cmdKafkaUnsubscribe: (json, path) => ({
    kind: 'unsubscribe',
    subscription: 0n,
    ...readMessage(json, path, { subscription: int64 }),
  }),
};

/**
 * Reads a `PubSubReq` in proto3's JSON.
 *
 * @throws {GatewayError} BadRequest when the text is not one; TooLarge for more than a request may have
 */
export function requestFromJson(body: Buffer, budget: Budget = new Budget()): PubSubRequest {
  const start = BYTE_ORDER_MARK.equals(body.subarray(0, BYTE_ORDER_MARK.length)) ? BYTE_ORDER_MARK.length : 0;
  const readers: Readers<Record<(typeof names)[number], Command> & { sequence: bigint }> = {
    ...others,
    cmdKafkaProduce: (json, path) => readProduce(json, path, budget),
  };
  const message = readMessage(checked(body.subarray(start)), '', readers);
  const [name, another] = names.filter((one) => message[one] !== undefined);
  if (another !== undefined) throw notAJsonMessage(`it has two commands, ${name} and ${another}`);
  return { sequence: message.sequence ?? 0n, command: name === undefined ? null : (message[name] ?? null) };
}

/** Checks the whole JSON first: malformed JSON is reported before any other error. */
function checked(body: Buffer): JsonScanner {
  try {
    const json = scanText(body);
    json.value();
    json.finish();
  } catch (cause) {
    throw notAMessage.with({ cause });
  }
  return new JsonScanner(body);
}

function readListOffset(json: JsonScanner, path: string): Command {
  const members = readMessage(json, path, { topic: text, partition: int32(), timestamp: int64 });
  return { kind: 'list-offset', topic: '', partition: 0, timestamp: 0n, ...members };
}

const fetchReaders = {
  topic: text,
  partition: int32(),
  offset: int64,
  maxWaitMs: int32(),
  minBytes: int32(),
  maxBytes: int32(),
  isolation: int32('READ_UNCOMMITTED', 'READ_COMMITTED'),
};

function readFetch(json: JsonScanner, path: string): Command {
  const absent = { topic: '', partition: 0, offset: 0n, maxWaitMs: 0, minBytes: 0, maxBytes: 0, isolation: 0 };
  return { kind: 'fetch', ...absent, ...readMessage(json, path, fetchReaders) };
}

const readIsolation = int32('READ_UNCOMMITTED', 'READ_COMMITTED');
const readFormat = int32('FORMAT_BYTES', 'FORMAT_TEXT');

function readSubscribe(json: JsonScanner, path: string): Command {
  const listIn =
    (list: ListOfTexts): ReadMember<readonly string[]> =>
    (texts, place) => {
      listOf((one, at) => list.add(text(one, at)))(texts, place);
      return list.texts;
    };
  const members = readMessage(json, path, {
    topics: listIn(new ListOfTexts('topics', MOST_SUBSCRIBED_TOPICS)),
    cursor: text,
    from: text,
    filters: listIn(new ListOfTexts('filters', MOST_FILTERS)),
    isolation: readIsolation,
    credit: int32(),
    keyFormat: readFormat,
    valueFormat: readFormat,
  });
  const absent = { topics: [], cursor: '', from: '', filters: [], isolation: 0, credit: 0, keyFormat: 0, valueFormat: 0 };
  return { kind: 'subscribe', ...absent, ...members };
}

const readAcks = int32('ACKS_ALL', 'ACKS_LEADER', 'ACKS_NONE');
const readCompression = int32('COMPRESSION_NONE', 'COMPRESSION_GZIP', 'COMPRESSION_SNAPPY', 'COMPRESSION_LZ4', 'COMPRESSION_ZSTD');

function readProduce(json: JsonScanner, path: string, budget: Budget): Command {
  const readRecord: ReadMember<ProduceRecord> = (record, place) => {
    budget.takeRecord();
    const { key, value, ...others } = readMessage(record, place, recordReaders);
    return { partition: null, timestamp: null, headers: [], ...others, key: sliceOf(key), value: sliceOf(value) };
  };
  const readHeader: ReadMember<Header> = (header, place) => {
    budget.takeHeader();
    return { key: '', value: null, ...readMessage(header, place, headerReaders) };
  };
  const recordReaders = {
    partition: int32(),
    timestamp: int64,
    key: bytes,
    value: bytes,
    headers: listOf(readHeader),
  };
  const members = readMessage(json, path, { topic: text, records: listOf(readRecord), acks: readAcks, compression: readCompression });
  return { kind: 'produce', topic: '', records: [], acks: 0, compression: 0, ...members };
}

const headerReaders = { key: text, value: bytes };

const sliceOf = (found: Buffer | undefined): Slice | null => (found === undefined ? null : whole(found));
