import { isUtf8 } from 'node:buffer';
import type { Header, Slice, StoredRecord } from '../kafka/record.ts';
import { EncodedSize } from './encoded-size.ts';
import { fragment, type JsonWriter, sharedWriter } from './json-writer.ts';
import type { ShownFormat } from './record-format.ts';
import { withoutSchemaHeader } from './schema-header.ts';

const OPEN_BRACKET = 0x5b;

/** `error_code` of a record that cannot be shown in the format asked for. */
const CANNOT_SHOW = 40801;

const timestampName = fragment(',"timestamp":');
const keyName = fragment(',"key":');
const valueName = fragment(',"value":');
const headersName = fragment(',"headers":[');
const headerKeyName = fragment('{"key":');
const rawKeyName = fragment(',"raw_key":');
const rawValueName = fragment(',"raw_value":');
const errorName = fragment(`,"error":{"error_code":${CANNOT_SHOW},"message":`);
const nullText = fragment('null');
const comma = fragment(',');
const closeBrace = fragment('}');
const closeBracket = fragment(']');
const emptyHeaders = fragment(',"headers":[]');

export interface RenderOptions {
  /** Most bytes that the text may take as a JSON string with its quotes, as in Lambda's response. */
  maxEncodedBytes: number;
  /** Cut the header of a schema registry off values. */
  stripSchemaHeader?: boolean;
  /** Of keys, where it is another one than that of values. */
  keyFormat?: ShownFormat;
}

export interface RenderedRecords {
  /** A JSON array. */
  text: string;
  /** How many of the records are in it; with none although there are some, the first does not fit by itself. */
  count: number;
}

/**
 * Renders records of a partition as the body of a fetch response: an array of `{"topic","partition","offset","timestamp","key",
 * "value","headers"}`. Headers are always an array; their values are base64 or null. Stops before the record that would make the
 * text too large.
 *
 * A key or value that the format cannot show is null and its bytes are in `raw_key` or `raw_value`, in base64; `error` says which.
 * The other field of such a record is shown if it can be, its `raw_…` being null: many topics have plain text keys and JSON values.
 */
export function renderRecords(
  format: ShownFormat,
  topic: string,
  partition: number,
  records: readonly StoredRecord[],
  options: RenderOptions,
): RenderedRecords {
  // Looking once whether the whole page is UTF-8 is far cheaper than asking for each field, and it nearly always is.
  const page = writePage(format, topic, partition, records, options, false);
  if (isUtf8(page.out.bytes.subarray(0, page.out.at))) return { text: page.out.toString(), count: page.count };
  const strict = writePage(format, topic, partition, records, options, true);
  return { text: strict.out.toString(), count: strict.count };
}

function writePage(
  format: ShownFormat,
  topic: string,
  partition: number,
  records: readonly StoredRecord[],
  { maxEncodedBytes, stripSchemaHeader = false, keyFormat = format }: RenderOptions,
  strict: boolean,
) {
  const prefix = fragment(`,{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`);
  const out = sharedWriter(expectedLength(records, prefix.length, maxEncodedBytes));
  const encoded = new EncodedSize();
  const limit = maxEncodedBytes - '"]"'.length;
  let count = 0;
  for (const record of records) {
    const end = out.at;
    const value = stripSchemaHeader ? withoutSchemaHeader(record.value) : record.value;
    if (lengthOf(record.key) + lengthOf(value) > limit) break;
    out.put(prefix);
    writeRecord(out, { key: keyFormat, value: format }, record, value, strict);
    if (!encoded.fits(out, limit)) {
      out.at = end;
      break;
    }
    count++;
  }
  // The first record's comma has made room for the bracket.
  if (count === 0) out.put(comma);
  out.bytes[0] = OPEN_BRACKET;
  out.put(closeBracket);
  return { out, count };
}

/** A first guess that mostly needs no growing: base64 is the longest that fields usually become. */
function expectedLength(records: readonly StoredRecord[], prefix: number, maxEncodedBytes: number): number {
  let length = 0;
  for (const record of records) length += prefix + 100 + Math.ceil((lengthOf(record.key) + lengthOf(record.value)) * 1.4);
  return Math.max(64, Math.min(length, maxEncodedBytes));
}

interface Formats {
  key: ShownFormat;
  value: ShownFormat;
}

function writeRecord(out: JsonWriter, formats: Formats, record: StoredRecord, value: Slice | null, strict: boolean): void {
  const { key } = record;
  out.integer(record.offset);
  out.put(timestampName);
  out.integer(record.timestamp);
  out.put(keyName);
  const keyShown = writeField(out, formats.key, key, strict);
  out.put(valueName);
  const valueShown = writeField(out, formats.value, value, strict);
  if (record.headers === null || record.headers.length === 0) out.put(emptyHeaders);
  else writeHeaders(out, record.headers);
  if (!keyShown || !valueShown) writeHidden(out, formats, keyShown ? null : key, valueShown ? null : value);
  out.put(closeBrace);
}

/** False when the field cannot be shown; null stands in its place then. */
function writeField(out: JsonWriter, format: ShownFormat, slice: Slice | null, strict: boolean): boolean {
  if (slice !== null && format.write(out, slice, strict)) return true;
  out.put(nullText);
  return slice === null;
}

function writeHeaders(out: JsonWriter, headers: readonly Header[]): void {
  out.put(headersName);
  let first = true;
  for (const { key, value } of headers) {
    if (!first) out.put(comma);
    first = false;
    out.put(headerKeyName);
    out.string(key);
    out.put(valueName);
    if (value === null) out.put(nullText);
    else out.base64(value, 0, value.length);
    out.put(closeBrace);
  }
  out.put(closeBracket);
}

/** Writes the bytes of what could not be shown, and why. */
function writeHidden(out: JsonWriter, formats: Formats, key: Slice | null, value: Slice | null): void {
  out.put(rawKeyName);
  writeRaw(out, key);
  out.put(rawValueName);
  writeRaw(out, value);
  out.put(errorName);
  out.string(reason(formats, key, value));
  out.put(closeBrace);
}

function reason(formats: Formats, key: Slice | null, value: Slice | null): string {
  const ofKey = key === null ? '' : faultOf(formats.key, key);
  const ofValue = value === null ? '' : faultOf(formats.value, value);
  if (value === null) return `The key ${ofKey}: raw_key has its bytes in base64`;
  if (key === null) return `The value ${ofValue}: raw_value has its bytes in base64`;
  return `The key ${ofKey}, the value ${ofValue}: raw_key and raw_value have their bytes in base64`;
}

const faultOf = (format: ShownFormat, slice: Slice): string => format.fault?.(slice) ?? `is not ${format.content}`;

function writeRaw(out: JsonWriter, slice: Slice | null): void {
  if (slice === null) out.put(nullText);
  else out.base64(slice.bytes, slice.start, slice.end);
}

const lengthOf = (slice: Slice | null) => (slice === null ? 0 : slice.end - slice.start);

/** Bytes of a record's key, value and headers, to tell a client how large the record is that does not fit. */
export function recordSize({ key, value, headers }: StoredRecord): number {
  let size = lengthOf(key) + lengthOf(value);
  for (const header of headers ?? []) size += Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return size;
}
