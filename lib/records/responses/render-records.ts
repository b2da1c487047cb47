import { isUtf8 } from 'node:buffer';
import { EncodedSize } from '../../json/encoded-size.ts';
import { fragment, type JsonWriter, sharedWriter } from '../../json/json-writer.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import type { ShownFormat } from '../formats/record-format.ts';
import { withoutSchemaHeader } from './schema-header.ts';
import { lengthOf, writeRecord } from './write-record.ts';

const OPEN_BRACKET = 0x5b;

const comma = fragment(',');
const closeBracket = fragment(']');

export interface RenderOptions {
  /** Most bytes that the text may take as a JSON string with its quotes, as in Lambda's response. */
  maxEncodedBytes: number;
  /** Cut the header of a schema registry off values. */
  stripSchemaHeader?: boolean;
  /** Of keys, where it is another one than that of values. */
  keyFormat?: ShownFormat;
}

export interface RenderedRecords {
  /** Ends behind a JSON array. */
  out: JsonWriter;
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
  if (isUtf8(page.out.bytes.subarray(0, page.out.at))) return page;
  return writePage(format, topic, partition, records, options, true);
}

function writePage(
  format: ShownFormat,
  topic: string,
  partition: number,
  records: readonly StoredRecord[],
  { maxEncodedBytes, stripSchemaHeader = false, keyFormat = format }: RenderOptions,
  strict: boolean,
): RenderedRecords {
  const prefix = fragment(`,{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":`);
  const out = sharedWriter(expectedLength(records, prefix.length, maxEncodedBytes));
  const encoded = new EncodedSize();
  const limit = maxEncodedBytes - '"]"'.length;
  const formats = { key: keyFormat, value: format };
  let count = 0;
  for (const record of records) {
    const end = out.at;
    const value = stripSchemaHeader ? withoutSchemaHeader(record.value) : record.value;
    if (record.tooLarge !== undefined || lengthOf(record.key) + lengthOf(value) > limit) break;
    out.put(prefix);
    out.integer(record.offset);
    writeRecord(out, formats, record, value, strict);
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
