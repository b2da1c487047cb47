import { compactJson } from '../../json/compact-json.ts';
import { type JsonScanner, scanText } from '../../json/json-scanner.ts';
import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { MOST_RECORDS } from '../../limits-of-request.ts';
import { eventsNotAnArray, noRecords, partitionHeaderInvalid, topicHeaderMissing, topicHeaderNotUsed } from '../../messages/produce.ts';
import { tooManyOf } from '../../messages/requests.ts';
import { findKey } from '../key-path/find.ts';
import type { KeyPath } from '../key-path/path.ts';
import { type EventMode, eventHeaders, eventKey } from './cloud-event.ts';
import { headerBytes } from './header-bytes.ts';
import { ANY_PARTITION, readPartition } from './partition.ts';
import type { ParsedRecord, RecordDefaults } from './produce-record.ts';

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** How bodies become the values of records, and the defaults for what a request leaves out. */
export interface RawRecordConfig {
  /** The prefix of the request headers about the record, such as `kafka-`, in lower case; may be empty. */
  headerPrefix: string;
  topic: string | null;
  partition: number | null;
  key: string | null;
  /** The path to the key in a JSON body. */
  keyPath: KeyPath | null;
  /** Request headers, in lower case, that become headers of the record under their own names. */
  recordHeaders: readonly string[];
}

/** What a request says about its raw record. */
export interface RawRecordOptions extends RecordDefaults {
  /** True when the body's media type is JSON: `application/json` or `…+json`. */
  json: boolean;
  /** True when JSON must stay byte for byte. */
  verbatim?: boolean;
  /** How the request carries CloudEvents, if it does. */
  event?: EventMode | null;
  /** The request's headers; names are in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  config: RawRecordConfig;
}

/** The member of a structured event that holds the key, by CloudEvents' partitioning extension. */
const PARTITION_KEY: KeyPath = [[{ kind: 'name', name: Buffer.from('partitionkey'), index: -1 }]];

/**
 * Reads a body that is the value of one record. An empty body is an empty value, not a tombstone. JSON is checked and stripped of
 * insignificant whitespace in place, or left as it is; `null` is a value of four bytes like any other JSON. An event without data has no
 * JSON to check: senders give it the type that its data would have.
 *
 * The request headers `kafka-key`, `kafka-partition`, `kafka-topic` and `kafka-header-<name>` (or with another configured prefix) set those
 * of the record, as UTF-8. A header wins over the request's path. For the key, the order is: header, a CloudEvent's `partitionkey`, the key
 * path, the configuration. An empty header counts as absent, except that an empty key header makes the key empty if nothing else gives one.
 *
 * @throws {GatewayError} BadRequest for malformed JSON and invalid headers; InvalidRecord for a key that UTF-8 cannot express
 */
export function readRawRecord(bytes: Buffer, options: RawRecordOptions): ParsedRecord {
  const isWithoutData = options.event === 'binary' && bytes.length === 0;
  if (!options.json || isWithoutData) return recordOf(whole(bytes), null, options);
  const json = scanText(bytes);
  const text = passJson(json, options);
  json.finish();
  return recordOf(options.verbatim ? whole(bytes) : text, text, options);
}

/**
 * Reads a batch of CloudEvents: a JSON array, each element of which becomes a record's value.
 *
 * @throws {GatewayError} as {@link readRawRecord}; InvalidRecord for anything but an array of objects; TooLarge for too many events
 */
export function readRawBatch(bytes: Buffer, options: RawRecordOptions): ParsedRecord[] {
  const json = scanText(bytes);
  if (json.peek() !== OPEN_BRACKET) {
    json.value();
    throw eventsNotAnArray();
  }
  if (!json.enter(CLOSE_BRACKET)) throw noRecords();
  const records: ParsedRecord[] = [];
  do {
    if (records.length === MOST_RECORDS) throw tooManyOf('records', MOST_RECORDS);
    const isObject = json.peek() === OPEN_BRACE;
    const text = passJson(json, options);
    if (!isObject) throw eventsNotAnArray();
    records.push(recordOf(text, text, options));
  } while (json.more(CLOSE_BRACKET));
  json.finish();
  return records;
}

/** Moves past a value, and strips its whitespace unless it must stay verbatim. */
function passJson(json: JsonScanner, { verbatim }: RawRecordOptions): Slice {
  const { bytes } = json;
  json.peek();
  const start = json.at;
  const { spaces } = json;
  json.value();
  const end = verbatim || json.spaces === spaces ? json.at : compactJson(bytes, start, json.at);
  return { bytes, start, end };
}

/** @param text the value if it is JSON, else null */
const recordOf = (value: Slice, text: Slice | null, options: RawRecordOptions): ParsedRecord => ({
  key: readKey(text, options),
  value,
  headers: readRecordHeaders(options),
  timestamp: options.now,
  topic: readTopic(options),
  partition: readRecordPartition(options),
});

function readKey(text: Slice | null, options: RawRecordOptions): Slice | null {
  const { event, headers, config } = options;
  const header = headers[`${config.headerPrefix}key`];
  if (header) return whole(headerBytes(header));
  const ofEvent = event === 'binary' ? eventKey(headers) : keyIn(text, event ? PARTITION_KEY : null, options);
  const found = ofEvent ?? keyIn(text, config.keyPath, options);
  if (found !== null) return found;
  if (config.key !== null) return whole(Buffer.from(config.key));
  return header === undefined ? null : whole(headerBytes(header));
}

/** The key in a value. Keys never have insignificant whitespace, even if values do. */
function keyIn(text: Slice | null, path: KeyPath | null, { verbatim }: RawRecordOptions): Slice | null {
  if (text === null || path === null) return null;
  if (!verbatim) return findKey(text, path);
  const copy = Buffer.from(text.bytes.subarray(text.start, text.end));
  return findKey({ bytes: copy, start: 0, end: compactJson(copy, 0, copy.length) }, path);
}

function readRecordHeaders({ event, headers, config: { headerPrefix, recordHeaders } }: RawRecordOptions): Header[] | null {
  const prefix = `${headerPrefix}header-`;
  const found: Header[] = event ? eventHeaders(event, headers) : [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name.startsWith(prefix)) found.push({ key: name.slice(prefix.length), value: headerBytes(value) });
  }
  for (const key of recordHeaders) {
    const value = headers[key];
    const isThere = event && key === 'content-type';
    if (value !== undefined && !isThere) found.push({ key, value: headerBytes(value) });
  }
  return found.length === 0 ? null : found;
}

function readTopic({ headers, topic: fixed, config }: RawRecordOptions): string {
  const name = `${config.headerPrefix}topic`;
  const header = headers[name];
  if (fixed !== null && header) {
    throw topicHeaderNotUsed(name);
  }
  const topic = fixed ?? (header || config.topic);
  if (topic === null) throw topicHeaderMissing(name);
  return topic;
}

function readRecordPartition({ headers, partition: fixed, config }: RawRecordOptions): number | null {
  const name = `${config.headerPrefix}partition`;
  const header = headers[name];
  if (!header) return fixed ?? config.partition;
  const partition = readPartition(header);
  if (partition === null) {
    throw partitionHeaderInvalid(name, MAX_PARTITION);
  }
  return partition === ANY_PARTITION ? null : partition;
}
