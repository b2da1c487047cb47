import { isUtf8 } from 'node:buffer';
import { EncodedSize } from '../../json/encoded-size.ts';
import { type JsonWriter, sharedWriter } from '../../json/json-writer.ts';
import { lengthOf, type StoredRecord } from '../../kafka/record.ts';

/** Records of one partition, in order. */
export interface RecordRun {
  topic: string;
  partition: number;
  records: readonly StoredRecord[];
}

/** How a page is written. */
export interface PageLayout {
  /** Writes what comes before the first record. */
  open(out: JsonWriter): void;
  /**
   * Returns the function that writes the records of a run, one after the other.
   *
   * @param strict true: does not show bytes that are not UTF-8 as text; false: the caller checks for UTF-8
   */
  items(run: RecordRun, strict: boolean): WriteItem;
  /** The most bytes that one byte of the text becomes in a JSON string. */
  readonly growth: number;
}

/** Writes a record; `withContent` is false for one that does not fit into any response. */
type WriteItem = (out: JsonWriter, record: StoredRecord, isFirst: boolean, withContent: boolean) => void;

export interface RenderedPage {
  /** Positioned after the last record. */
  out: JsonWriter;
  /** How many of the given records were written. */
  count: number;
}

/** Estimated bytes of the text around a record, to guess the length of a page. */
const AROUND_BYTES = 200;

/**
 * Writes records of many partitions one after the other, and stops before the record that would make the text too large. If this is the
 * first of the page, it is written without its content: its metadata, and an error.
 *
 * @param maxEncodedBytes limit for the text as a JSON string, as in Lambda's response
 */
export function renderPage(runs: readonly RecordRun[], layout: PageLayout, maxEncodedBytes: number): RenderedPage {
  // One check whether the whole page is UTF-8 is far cheaper than one for each field, and the page nearly always is.
  const page = writePage(runs, layout, maxEncodedBytes, false);
  return isUtf8(page.out.bytes.subarray(0, page.out.at)) ? page : writePage(runs, layout, maxEncodedBytes, true);
}

function writePage(runs: readonly RecordRun[], layout: PageLayout, limit: number, strict: boolean): RenderedPage {
  const out = sharedWriter(Math.max(64, Math.min(expectedLength(runs), limit)));
  const encoded = new EncodedSize(layout.growth);
  let count = 0;
  layout.open(out);
  for (const run of runs) {
    if (run.records.length === 0) continue;
    const write = layout.items(run, strict);
    for (const record of run.records) {
      const end = out.at;
      const mayFit = record.tooLarge === undefined && lengthOf(record.key) + lengthOf(record.value) <= limit;
      if (mayFit) write(out, record, count === 0, true);
      if (!mayFit || !encoded.fits(out, limit)) {
        out.at = end;
        if (count > 0) return { out, count };
        write(out, record, true, false);
        if (!encoded.fits(out, limit)) {
          out.at = end;
          return { out, count };
        }
      }
      count++;
    }
  }
  return { out, count };
}

function expectedLength(runs: readonly RecordRun[]): number {
  let length = 0;
  for (const { topic, records } of runs) {
    for (const { key, value } of records) length += AROUND_BYTES + 2 * topic.length + Math.ceil((lengthOf(key) + lengthOf(value)) * 1.4);
  }
  return length;
}
