import { isUtf8 } from 'node:buffer';
import { fragment, type JsonWriter } from '../../json/json-writer.ts';
import type { Header, Slice, StoredRecord } from '../../kafka/record.ts';
import { recordTooLarge } from '../../messages/read.ts';
import { idPrefix } from './cursor.ts';
import type { PageEnd } from './json-page.ts';
import type { PageLayout } from './render-page.ts';
import { recordSize } from './write-record.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A control character becomes \\u and four digits in a JSON string. */
const GROWTH = 6;

const itemsLine = fragment('items\n');
const idLine = fragment('item\nid: ');
const contentLine = fragment('\ncontent: ');
const base64Line = fragment('\ncontent-base64: ');
const headersLine = fragment('\nheaders: ');
const metadataLine = fragment('\nmetadata: ');
const errorLine = fragment('\nerror: ');
const lineBreak = fragment('\n');
const foldingSpace = fragment(' ');

/**
 * The text format of the Gravitee gateway's HTTP GET entrypoint: lines `item`, `id: …`, `content: …`, `headers: {…}` and `metadata: {…}`
 * for each record. A line break in the content (LF, CR LF, or a lone CR, which many readers treat as one) is followed by a space, which no
 * other line begins with. A tombstone has no content; content that is not UTF-8 is base64 under another name.
 *
 * @param asBase64 whether all content becomes base64
 */
export const textPage = (shown: (value: Slice | null) => Slice | null, asBase64: boolean): PageLayout => ({
  growth: GROWTH,
  open: (out) => out.put(itemsLine),
  items({ topic, partition }) {
    const id = idPrefix(topic, partition);
    return (out, record, _isFirst, withContent) => {
      out.put(idLine);
      out.copy(Buffer.from(`${id}${record.offset}`));
      const value = withContent ? shown(record.value) : null;
      if (value !== null) writeContent(out, value, asBase64);
      out.put(headersLine);
      out.copy(Buffer.from(JSON.stringify(byName(withContent ? record.headers : null))));
      out.put(metadataLine);
      out.copy(Buffer.from(metadataOf(topic, partition, withContent ? record : { ...record, key: null })));
      if (!withContent) {
        out.put(errorLine);
        out.copy(Buffer.from(recordTooLarge(recordSize(record)).message));
      }
      out.put(lineBreak);
    };
  },
});

/** Ends a {@link textPage}. */
export function textEnd({ nextCursor, limit, lag, gaps }: PageEnd): string {
  const lines = ['', 'pagination', `nextCursor: ${nextCursor}`, ...(limit === null ? [] : [`limit: ${limit}`]), `lag: ${lag ?? ''}`];
  return `${[...lines, ...(gaps.length === 0 ? [] : [`gaps: ${JSON.stringify(gaps)}`])].join('\n')}\n`;
}

function writeContent(out: JsonWriter, { bytes, start, end }: Slice, asBase64: boolean): void {
  if (asBase64 || !isUtf8(bytes.subarray(start, end))) {
    out.put(base64Line);
    out.copy(Buffer.from(bytes.toString('base64', start, end)));
    return;
  }
  out.put(contentLine);
  // Limited to this record: `bytes` goes on after it, and a search in all of it would scan the following records each time.
  const content = bytes.subarray(start, end);
  let from = 0;
  let feed = content.indexOf(LINE_FEED);
  let carriage = content.indexOf(CARRIAGE_RETURN);
  while (feed >= 0 || carriage >= 0) {
    const at = feed >= 0 && (carriage < 0 || feed < carriage) ? feed : carriage;
    const behind = at === carriage && feed === at + 1 ? at + 2 : at + 1;
    out.copy(bytes, start + from, start + behind);
    out.put(foldingSpace);
    from = behind;
    if (feed >= 0 && feed < from) feed = content.indexOf(LINE_FEED, from);
    if (carriage >= 0 && carriage < from) carriage = content.indexOf(CARRIAGE_RETURN, from);
  }
  out.copy(bytes, start + from, end);
}

function byName(headers: readonly Header[] | null): Record<string, (string | null)[]> {
  const grouped = Map.groupBy(headers ?? [], ({ key }) => key);
  return Object.fromEntries([...grouped].map(([key, values]) => [key, values.map(({ value }) => value?.toString() ?? null)]));
}

/** Writes the timestamp with all of its digits: `JSON.stringify` cannot write a bigint. */
function metadataOf(topic: string, partition: number, { offset, timestamp, key }: StoredRecord): string {
  const others = JSON.stringify({ key: key?.bytes.toString('utf8', key.start, key.end) ?? null, topic, partition, offset });
  return `${others.slice(0, -1)},"sourceTimestamp":${timestamp}}`;
}
