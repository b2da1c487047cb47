import { GatewayError } from '../errors.ts';
import { type Header, type Slice, whole } from '../kafka/record.ts';
import { compactJson } from './compact-json.ts';
import { scanText } from './json-scanner.ts';
import { findKey, type KeyPath } from './key-path.ts';
import { MAX_PARTITION, type ParsedRecord, type ReadOptions } from './produce-record.ts';

/** What a request says about the one record that its body is. */
export interface RawRecordOptions extends ReadOptions {
  /** True when the body's media type is JSON: `application/json` or `…+json`. */
  json: boolean;
  /** The request's headers, their names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** What the names of the headers that are read begin with, such as `kafka-`; may be empty. */
  headerPrefix: string;
  /** Where in a JSON body the key is, unless a header names it. */
  keyPath: KeyPath | null;
}

/**
 * Reads a body that is a record's value as it stands. An empty one is an empty value, no tombstone. JSON is checked and stripped of
 * insignificant whitespace, in place; `null` is four bytes of value like any other JSON.
 *
 * The request's headers `kafka-key`, `kafka-partition`, `kafka-topic` and `kafka-header-<name>` are the record's (with another
 * prefix where one is set). Their text is UTF-8 in Kafka; an empty `kafka-key` is an empty key.
 *
 * @throws {GatewayError} BadRequest for malformed JSON and for headers that do not fit; InvalidRecord for a key that UTF-8 cannot express
 */
export function readRawRecord(bytes: Buffer, options: RawRecordOptions): ParsedRecord {
  const { headers, now } = options;
  const prefix = options.headerPrefix.toLowerCase();
  const partition = headers[`${prefix}partition`];
  const key = headers[`${prefix}key`];
  const value = options.json ? readJson(bytes) : whole(bytes);
  return {
    key: key === undefined ? keyInside(value, options) : whole(Buffer.from(key)),
    value,
    headers: readRecordHeaders(headers, `${prefix}header-`),
    timestamp: now,
    topic: readTopic(headers[`${prefix}topic`], `${prefix}topic`, options.topic),
    partition: partition === undefined ? options.partition : readPartition(partition, `${prefix}partition`),
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

const keyInside = (value: Slice, { json, keyPath }: RawRecordOptions) => (json && keyPath !== null ? findKey(value, keyPath) : null);

function readRecordHeaders(headers: RawRecordOptions['headers'], prefix: string): Header[] | null {
  const found: Header[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name.startsWith(prefix)) found.push({ key: name.slice(prefix.length), value: Buffer.from(value) });
  }
  return found.length === 0 ? null : found;
}

function readTopic(topic: string | undefined, name: string, fixed: string | null): string {
  if (fixed === null && topic) return topic;
  if (fixed === null) throw new GatewayError('BadRequest', `The header ${name} is missing: it must name the topic`);
  if (topic !== undefined) {
    throw new GatewayError('BadRequest', `The header ${name} cannot be used here, where the path names the topic: use POST /records`);
  }
  return fixed;
}

function readPartition(text: string, name: string): number {
  const partition = /^\d{1,10}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (partition > MAX_PARTITION) throw new GatewayError('BadRequest', `The header ${name} must be an integer from 0 to ${MAX_PARTITION}`);
  return partition;
}
