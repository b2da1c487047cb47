import { isUtf8 } from 'node:buffer';
import { EncodedSize } from '../../json/encoded-size.ts';
import { fragment, type JsonWriter, sharedWriter } from '../../json/json-writer.ts';
import { lengthOf, type StoredRecord } from '../../kafka/record.ts';
import type { ShownFormat } from '../formats/record-format.ts';
import { withoutSchemaHeader } from './schema-header.ts';
import { writeRecord } from './write-record.ts';

const OPEN_BRACKET = 0x5b;

const comma = fragment(',');
const closeBracket = fragment(']');

export interface RenderOptions {
  /** Limit for the text as a JSON string with its quotes, in bytes, as in Lambda's response. */
  maxEncodedBytes: number;
  /** Whether to strip the schema registry's header from values. */
  stripSchemaHeader?: boolean;
  /** The format of keys, where it differs from that of values. */
  keyFormat?: ShownFormat;
}

export interface RenderedRecords {
  /** Positioned after a JSON array. */
  out: JsonWriter;
  /** How many of the records were written; 0, although there are records, when the first does not fit. */
  count: number;
}

/**
 * Renders records of a partition as the body of a fetch response: an array of `{"topic","partition","offset","timestamp","key",
 * "value","headers"}`. Headers are always an array; their values are base64 or null. Stops before the record that would make the
 * text too large.
 *
 * If the format cannot show a key or value, it is null, `raw_key` or `raw_value` has its bytes in base64, and `error` says which it is. The
 * other field of that record is shown if possible, and its `raw_…` is null: many topics have plain text keys and JSON values.
 */
export function renderRecords(
  format: ShownFormat,
  topic: string,
  partition: number,
  records: readonly StoredRecord[],
  options: RenderOptions,
): RenderedRecords {
  // One check whether the whole page is UTF-8 is far cheaper than one for each field, and the page nearly always is.
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
  // The first record's comma leaves room for the opening bracket.
  if (count === 0) out.put(comma);
  out.bytes[0] = OPEN_BRACKET;
  out.put(closeBracket);
  return { out, count };
}

/** A first guess that rarely needs to grow: base64 is usually the longest form of a field. */
function expectedLength(records: readonly StoredRecord[], prefix: number, maxEncodedBytes: number): number {
  let length = 0;
  for (const record of records) length += prefix + 100 + Math.ceil((lengthOf(record.key) + lengthOf(record.value)) * 1.4);
  return Math.max(64, Math.min(length, maxEncodedBytes));
}
