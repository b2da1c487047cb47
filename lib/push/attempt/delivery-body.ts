import { isUtf8 } from 'node:buffer';
import { isJson } from '../../json/is-json.ts';
import { lengthOf, type Slice, type StoredRecord } from '../../kafka/record.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { jsonPage, ndjsonPage } from '../../records/responses/json-page.ts';
import { renderPage } from '../../records/responses/render-page.ts';
import type { Definition } from '../subscription/subscription.ts';
import { type Place, textOf } from './webhook-id.ts';

/** A record and its place. */
export interface PlacedRecord extends Place {
  readonly record: StoredRecord;
}

/** A delivery without its signature. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Forms = Pick<Definition, 'format' | 'key_format' | 'value_format' | 'batch'>;

/** Limits for a record's own headers, in total, and for its key in a header: many servers accept 16 KiB of headers and 8 KiB per line. */
const MOST_HEADERS = 8 * 1024;
const LONGEST_KEY = 4 * 1024;
/** Unix milliseconds. RFC 3339, which times of events follow, has years of four digits; timestamps in microseconds would need more. */
const YEAR_10000 = Date.UTC(10_000, 0);
const JSON_TYPE = /^[^;]+[/+]json *(?:;|$)/i;
/** What strings of events must not have. */
const NOT_IN_ATTRIBUTES = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/** Writes records of one partition as a delivery. The subscription decides whether it is a batch, not the number of records. */
export function messageOf(records: readonly PlacedRecord[], forms: Forms): Message {
  const [first] = records;
  const isBatch = forms.batch.max > 1;
  const place = {
    'kafka-topic': first.topic,
    'kafka-partition': String(first.partition),
    'kafka-offset': String(first.offset),
    ...(isBatch && { 'kafka-count': String(records.length) }),
  };
  const one = isBatch ? {} : { ...keyHeader(first.record), ...traceHeader(first.record) };
  if (forms.format === 'raw') return { headers: { ...place, ...one, ...rawHeaders(first.record) }, body: bytesOf(first.record.value) };
  const { type, body } = forms.format === 'json' ? asItems(records, forms, isBatch) : asEvents(records, forms, isBatch);
  return { headers: { ...place, ...one, 'content-type': type }, body };
}

/** Records as in pages: a single one is an item of a page, a batch has them as `items`. */
function asItems(records: readonly PlacedRecord[], { key_format, value_format }: Forms, isBatch: boolean) {
  const formats = { key: recordFormats[key_format], value: recordFormats[value_format] };
  const layout = (isBatch ? jsonPage : ndjsonPage)(formats, (value) => value);
  const run = { topic: records[0].topic, partition: records[0].partition, records: records.map(({ record }) => record) };
  const { out } = renderPage([run], layout, Number.POSITIVE_INFINITY);
  if (isBatch) out.copy(Buffer.from(']}'));
  // The writer reuses its bytes for the next text.
  return { type: 'application/json', body: Buffer.from(out.bytes.subarray(0, out.at)) };
}

/** CloudEvents 1.0 in the JSON format; a batch is an array of events. */
function asEvents(records: readonly PlacedRecord[], forms: Forms, isBatch: boolean) {
  const events = records.map((record) => eventOf(record, forms));
  const body = isBatch ? Buffer.concat([Buffer.from('['), ...joined(events), Buffer.from(']')]) : events[0];
  return { type: isBatch ? 'application/cloudevents-batch+json' : 'application/cloudevents+json', body };
}

const joined = (events: readonly Buffer[]): Buffer[] => events.flatMap((event, i) => (i === 0 ? [event] : [Buffer.from(','), event]));

function eventOf(placed: PlacedRecord, { value_format: format }: Forms): Buffer {
  const { topic, record } = placed;
  const { key, value, timestamp } = record;
  const time = typeof timestamp === 'number' && timestamp >= 0 && timestamp < YEAR_10000 ? new Date(timestamp).toISOString() : undefined;
  const attributes = {
    specversion: '1.0',
    id: textOf(placed),
    source: `/topics/${topic}`,
    type: 'kafka.record',
    ...(time !== undefined && { time }),
    ...(key !== null && lengthOf(key) > 0 && { partitionkey: attributeOf(bytesOf(key)) }),
    ...traceHeader(record),
  };
  const { contentType, name, data } = dataOf(record, value, format);
  const head = JSON.stringify({ ...attributes, ...(contentType !== null && { datacontenttype: contentType }) });
  if (name === null) return Buffer.from(head);
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"${name}":`), data, Buffer.from('}')]);
}

/**
 * The value as JSON or as a string where the format asks for that and the value allows it, else as base64. A tombstone has none. Data of a
 * JSON type is JSON, whatever the format: receivers would take a string for a JSON string.
 */
function dataOf(record: StoredRecord, value: Slice | null, format: Forms['value_format']) {
  if (value === null) return { contentType: null, name: null, data: Buffer.alloc(0) };
  const bytes = bytesOf(value);
  const contentType = textOfHeader(record, 'content-type');
  const isOfJson = contentType !== null && JSON_TYPE.test(contentType);
  if ((format === 'json' || (format === 'text' && isOfJson)) && isJson(value.bytes, value.start, value.end) && isUtf8(bytes)) {
    return { contentType: isOfJson ? contentType : 'application/json', name: 'data', data: bytes };
  }
  if (format === 'text' && isUtf8(bytes)) {
    const type = isOfJson ? null : contentType;
    return { contentType: type ?? 'text/plain', name: 'data', data: Buffer.from(JSON.stringify(bytes.toString())) };
  }
  const data = Buffer.from(`"${bytes.toString('base64')}"`);
  return { contentType: contentType ?? 'application/octet-stream', name: 'data_base64', data };
}

/** A key that receivers would refuse in a header is replaced by its size. */
function keyHeader({ key }: StoredRecord): Record<string, string> {
  if (key === null) return {};
  const bytes = bytesOf(key);
  const text = bytes.length > LONGEST_KEY ? null : percentEncoded(bytes);
  return text === null || text.length > LONGEST_KEY ? { 'kafka-key-bytes': String(bytes.length) } : { 'kafka-key': text };
}

function traceHeader(record: StoredRecord): { traceparent?: string } {
  const traceparent = textOfHeader(record, 'traceparent');
  return traceparent !== null && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent) ? { traceparent } : {};
}

/** The content type of a raw record's value, and the record's own headers. */
function rawHeaders(record: StoredRecord): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': textOfHeader(record, 'content-type') ?? 'application/octet-stream' };
  if (record.value === null) headers['kafka-tombstone'] = 'true';
  let left = MOST_HEADERS;
  for (const { key, value } of record.headers ?? []) {
    if (value === null || !/^[\w!#$%&'*+.^`|~-]{1,200}$/.test(key)) continue;
    const text = percentEncoded(value);
    left -= key.length + text.length;
    if (left < 0) break;
    headers[`kafka-header-${key.toLowerCase()}`] = text;
  }
  return headers;
}

/** A record header's value, if an HTTP header can carry it unchanged. */
function textOfHeader({ headers }: StoredRecord, name: string): string | null {
  const found = headers?.find(({ key }) => key.toLowerCase() === name)?.value?.toString('latin1') ?? '';
  return /^[\x20-\x7e]{1,500}$/.test(found) ? found.trim() || null : null;
}

/** Bytes as visible ASCII: all other bytes, and the percent sign, become `%` and two hexadecimal digits. */
function percentEncoded(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\x21-\x24\x26-\x7e]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

const bytesOf = (slice: Slice | null): Buffer => (slice === null ? Buffer.alloc(0) : slice.bytes.subarray(slice.start, slice.end));

/** Bytes as an attribute of an event: as text, or as base64 where an attribute must not have it. */
function attributeOf(bytes: Buffer): string {
  const text = bytes.toString();
  return isUtf8(bytes) && !NOT_IN_ATTRIBUTES.test(text) ? text : bytes.toString('base64');
}
