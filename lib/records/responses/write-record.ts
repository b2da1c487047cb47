import { errors } from '../../errors.ts';
import { fragment, type JsonWriter } from '../../json/json-writer.ts';
import { contentSize, type Header, type Slice, type StoredRecord } from '../../kafka/record.ts';
import { recordTooLarge } from '../../messages/read.ts';
import type { ShownFormat } from '../formats/record-format.ts';

/** The `error_code` of a record that the requested format cannot show. */
const CANNOT_SHOW = 40801;

const timestampName = fragment(',"timestamp":');
const keyName = fragment(',"key":');
const valueName = fragment(',"value":');
const headersName = fragment(',"headers":[');
const headerKeyName = fragment('{"key":');
const rawKeyName = fragment(',"raw_key":');
const rawValueName = fragment(',"raw_value":');
const errorName = fragment(`,"error":{"error_code":${CANNOT_SHOW},"message":`);
const noContent = fragment(',"key":null,"value":null,"headers":[]');
const tooLargeName = fragment(`,"error":{"error_code":${errors.TooLarge.code},"message":`);
const nullText = fragment('null');
const comma = fragment(',');
const closeBrace = fragment('}');
const closeBracket = fragment(']');
const emptyHeaders = fragment(',"headers":[]');
// Most records have no key or no headers: one fragment takes less time than several.
const noKey = fragment(',"key":null,"value":');
const noHeadersNorMore = fragment(',"headers":[]}');

/** How keys and values are shown. */
export interface ShownFormats {
  key: ShownFormat;
  value: ShownFormat;
}

/**
 * Writes a record from its timestamp on: `timestamp`, `key`, `value`, `headers` and the closing brace. If its format cannot show a key or
 * value, it is null, `raw_key` or `raw_value` has its bytes in base64, and `error` says which it is.
 *
 * @param value the record's value, or a part of it
 * @param strict true: does not show bytes that are not UTF-8; false: the caller checks for UTF-8
 */
export function writeRecord(out: JsonWriter, formats: ShownFormats, record: StoredRecord, value: Slice | null, strict: boolean): void {
  const { key, headers } = record;
  out.put(timestampName);
  out.time(record.timestamp);
  let keyShown = true;
  if (key === null) out.put(noKey);
  else {
    out.put(keyName);
    keyShown = writeField(out, formats.key, key, strict);
    out.put(valueName);
  }
  const valueShown = writeField(out, formats.value, value, strict);
  const hasHeaders = headers !== null && headers.length > 0;
  if (!hasHeaders && keyShown && valueShown) {
    out.put(noHeadersNorMore);
    return;
  }
  if (hasHeaders) writeHeaders(out, headers);
  else out.put(emptyHeaders);
  if (!keyShown || !valueShown) writeHidden(out, formats, keyShown ? null : key, valueShown ? null : value);
  out.put(closeBrace);
}

/** Returns false, and writes null, when the format cannot show the field. */
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

/** Writes a record that does not fit into any response, from its timestamp on: its content is null, and `error` says how large it is. */
export function writeTooLarge(out: JsonWriter, record: StoredRecord): void {
  out.put(timestampName);
  out.time(record.timestamp);
  out.put(noContent);
  out.put(tooLargeName);
  out.string(recordTooLarge(recordSize(record)).message);
  out.put(closeBrace);
  out.put(closeBrace);
}

/** Writes the bytes that could not be shown, and why. */
function writeHidden(out: JsonWriter, formats: ShownFormats, key: Slice | null, value: Slice | null): void {
  out.put(rawKeyName);
  writeRaw(out, key);
  out.put(rawValueName);
  writeRaw(out, value);
  out.put(errorName);
  out.string(reason(formats, key, value));
  out.put(closeBrace);
}

function reason(formats: ShownFormats, key: Slice | null, value: Slice | null): string {
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

/** The size of a record's key, value and headers in bytes, so that a client learns how large a record is that does not fit. */
export const recordSize = (record: StoredRecord): number => record.tooLarge ?? contentSize(record);
