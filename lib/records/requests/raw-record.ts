import { compactJson } from '../../json/compact-json.ts';
import { scanText } from '../../json/json-scanner.ts';
import { type Header, type Slice, whole } from '../../kafka/record.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { partitionHeaderInvalid, topicHeaderMissing, topicHeaderNotUsed } from '../../messages/produce.ts';
import { findKey } from '../key-path/find.ts';
import type { KeyPath } from '../key-path/path.ts';
import { ANY_PARTITION, readPartition } from './partition.ts';
import type { ParsedRecord, RecordDefaults } from './produce-record.ts';

/** How bodies become records that are their values themselves, and what such a record is where its request does not say. */
export interface RawRecordConfig {
  /** What the names of the headers that are read begin with, such as `kafka-`, in lower case; may be empty. */
  headerPrefix: string;
  topic: string | null;
  partition: number | null;
  key: string | null;
  /** Where in a JSON body the key is. */
  keyPath: KeyPath | null;
  /** Request headers, in lower case, that become headers of the record under their own names. */
  recordHeaders: readonly string[];
}

/** What a request says about the one record that its body is. */
export interface RawRecordOptions extends RecordDefaults {
  /** True when the body's media type is JSON: `application/json` or `…+json`. */
  json: boolean;
  /** The request's headers, their names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  config: RawRecordConfig;
}

/**
 * Reads a body that is a record's value as it stands. An empty one is an empty value, no tombstone. JSON is checked and stripped of
 * insignificant whitespace, in place; `null` is four bytes of value like any other JSON.
 *
 * The request's headers `kafka-key`, `kafka-partition`, `kafka-topic` and `kafka-header-<name>` are the record's (with another
 * prefix where one is set). Their text is UTF-8 in Kafka. A header wins over the request's path, for the key over the key path, and both
 * over what is configured. An empty header says nothing, but for a key that nothing else gives: then the key is empty.
 *
 * @throws {GatewayError} BadRequest for malformed JSON and for headers that do not fit; InvalidRecord for a key that UTF-8 cannot express
 */
export function readRawRecord(bytes: Buffer, options: RawRecordOptions): ParsedRecord {
  const value = options.json ? readJson(bytes) : whole(bytes);
  return {
    key: readKey(value, options),
    value,
    headers: readRecordHeaders(options),
    timestamp: options.now,
    topic: readTopic(options),
    partition: readRecordPartition(options),
  };
}

function readJson(bytes: Buffer): Slice {
  const json = scanText(bytes);
  json.peek();
  const start = json.at;
  const { spaces } = json;
  json.value();
  const end = json.spaces === spaces ? json.at : compactJson(bytes, start, json.at);
  json.finish();
  return { bytes, start, end };
}

function readKey(value: Slice, { json, headers, config }: RawRecordOptions): Slice | null {
  const header = headers[`${config.headerPrefix}key`];
  if (header) return whole(Buffer.from(header));
  const found = json && config.keyPath !== null ? findKey(value, config.keyPath) : null;
  const otherwise = config.key ?? header;
  return found ?? (otherwise === undefined ? null : whole(Buffer.from(otherwise)));
}

function readRecordHeaders({ headers, config: { headerPrefix, recordHeaders } }: RawRecordOptions): Header[] | null {
  const prefix = `${headerPrefix}header-`;
  const found: Header[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name.startsWith(prefix)) found.push({ key: name.slice(prefix.length), value: Buffer.from(value) });
  }
  for (const key of recordHeaders) {
    const value = headers[key];
    if (value !== undefined) found.push({ key, value: Buffer.from(value) });
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
