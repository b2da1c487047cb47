import { isUtf8 } from 'node:buffer';
import { EncodedSize } from '../../json/encoded-size.ts';
import { type JsonWriter, sharedWriter } from '../../json/json-writer.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import { lengthOf } from './write-record.ts';

/** Records of one partition, in their order. */
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
   * Returns what writes the records of a run, one after the other.
   *
   * @param strict true: bytes that are not UTF-8 are not shown as text; false: the caller sees to it
   */
  items(run: RecordRun, strict: boolean): WriteItem;
  /** The bytes that one of the text may take at most in a JSON string. */
  readonly growth: number;
}

/** Writes a record; `withContent` is false for one that no answer holds. */
type WriteItem = (out: JsonWriter, record: StoredRecord, isFirst: boolean, withContent: boolean) => void;

export interface RenderedPage {
  /** Ends behind the last record. */
  out: JsonWriter;
  /** How many of all the records are in it. */
  count: number;
}

/** What the text around a record takes, to guess how long a page becomes. */
const AROUND_BYTES = 200;

/**
 * Writes records of many partitions one after the other, and stops before the record that would make the text too large. Of one that
 * does so even as the first of a page its metadata are written, and what is wrong.
 *
 * @param maxEncodedBytes that the text may take as a JSON string, as in Lambda's response
 */
export function renderPage(runs: readonly RecordRun[], layout: PageLayout, maxEncodedBytes: number): RenderedPage {
  // Looking once whether the whole page is UTF-8 is far cheaper than asking for each field, and it nearly always is.
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
