import { isUtf8 } from 'node:buffer';
import { fragment, type JsonWriter } from '../../json/json-writer.ts';
import type { Header, Slice, StoredRecord } from '../../kafka/record.ts';
import { idPrefix } from './cursor.ts';
import type { PageEnd } from './json-page.ts';
import type { PageLayout } from './render-page.ts';

const LINE_FEED = 0x0a;

const itemsLine = fragment('items\n');
const idLine = fragment('item\nid: ');
const contentLine = fragment('\ncontent: ');
const base64Line = fragment('\ncontent-base64: ');
const headersLine = fragment('\nheaders: ');
const metadataLine = fragment('\nmetadata: ');
const lineBreak = fragment('\n');
const foldedBreak = fragment('\n ');

/**
 * The text of the Gravitee gateway's HTTP GET entrypoint: lines `item`, `id: …`, `content: …`, `headers: {…}` and `metadata: {…}` for each
 * record. A line break in the content is followed by a space, which no other line begins with. A tombstone has no content, and one that
 * is not UTF-8 is base64 under another name.
 *
 * @param asBase64 whether all content is to be base64
 */
export const textPage = (shown: (value: Slice | null) => Slice | null, asBase64: boolean): PageLayout => ({
  open: (out) => out.put(itemsLine),
  items({ topic, partition }) {
    const id = idPrefix(topic, partition);
    return (out, record) => {
      out.put(idLine);
      out.copy(Buffer.from(`${id}${record.offset}`));
      const value = shown(record.value);
      if (value !== null) writeContent(out, value, asBase64);
      out.put(headersLine);
      out.copy(Buffer.from(JSON.stringify(byName(record.headers))));
      out.put(metadataLine);
      out.copy(Buffer.from(JSON.stringify(metadataOf(topic, partition, record))));
      out.put(lineBreak);
    };
  },
});

/** What follows the records of a {@link textPage}. */
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
  let from = start;
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0 && at < end; at = bytes.indexOf(LINE_FEED, from)) {
    out.copy(bytes, from, at);
    out.put(foldedBreak);
    from = at + 1;
  }
  out.copy(bytes, from, end);
}

function byName(headers: readonly Header[] | null): Record<string, (string | null)[]> {
  const grouped = Map.groupBy(headers ?? [], ({ key }) => key);
  return Object.fromEntries([...grouped].map(([key, values]) => [key, values.map(({ value }) => value?.toString() ?? null)]));
}

const metadataOf = (topic: string, partition: number, { offset, timestamp, key }: StoredRecord) => ({
  key: key?.bytes.toString('utf8', key.start, key.end) ?? null,
  topic,
  partition,
  offset,
  sourceTimestamp: timestamp,
});
