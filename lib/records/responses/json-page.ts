import { type Fragment, fragment, type JsonWriter } from '../../json/json-writer.ts';
import type { Slice } from '../../kafka/record.ts';
import { idPrefix } from './cursor.ts';
import type { PageLayout } from './render-page.ts';
import { type ShownFormats, writeRecord, writeTooLarge } from './write-record.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

const openItems = fragment('{"items":[');
const LINE_BREAK = '\n';
const nothing = fragment('');

/** What a page of many partitions has after its records. */
export interface PageEnd {
  nextCursor: string;
  /** The client's limit; null without one. */
  limit: number | null;
  /** How many offsets are left to read; null when it is unknown for a partition. */
  lag: number | null;
  gaps: readonly object[];
}

/** `{"items":[…],"pagination":{…},"gaps":[…]}` */
export const jsonPage = (formats: ShownFormats, shown: (value: Slice | null) => Slice | null): PageLayout =>
  pageOfItems(formats, shown, openItems, ',');

/** One line for each record, and a last line by {@link ndjsonEnd}. */
export const ndjsonPage = (formats: ShownFormats, shown: (value: Slice | null) => Slice | null): PageLayout => {
  const { items, ...others } = pageOfItems(formats, shown, nothing, LINE_BREAK);
  return {
    ...others,
    items(run, strict) {
      const write = items(run, strict);
      return (out, record, isFirst, withContent) => {
        const start = out.at + (isFirst ? 0 : LINE_BREAK.length);
        write(out, record, isFirst, withContent);
        joinLines(out, start);
      };
    },
  };
};

/** Replaces line breaks in stored JSON by spaces. They occur only between tokens: strings cannot have them. */
function joinLines({ bytes, at }: JsonWriter, start: number): void {
  const line = bytes.subarray(start, at);
  for (const lineEnd of [LINE_FEED, CARRIAGE_RETURN]) {
    for (let found = line.indexOf(lineEnd); found >= 0; found = line.indexOf(lineEnd, found + 1)) line[found] = SPACE;
  }
}

/** Ends a {@link jsonPage}. */
export const jsonEnd = (end: PageEnd): string => `],${JSON.stringify(endOf(end)).slice(1)}`;

/** Ends an {@link ndjsonPage}: a line without a record. */
export const ndjsonEnd = (end: PageEnd, isEmpty: boolean): string => `${isEmpty ? '' : '\n'}${JSON.stringify(endOf(end))}\n`;

const endOf = ({ nextCursor, limit, lag, gaps }: PageEnd) => ({ pagination: { nextCursor, limit, lag }, gaps });

function pageOfItems(formats: ShownFormats, shown: (value: Slice | null) => Slice | null, open: Fragment, between: string): PageLayout {
  return {
    growth: 2,
    open: (out) => out.put(open),
    items({ topic, partition }, strict) {
      const id = `{"id":"${idPrefix(topic, partition)}`;
      const first = fragment(id);
      const next = fragment(between + id);
      const place = fragment(`","topic":${JSON.stringify(topic)},"partition":${partition},"offset":`);
      return (out, record, isFirst, withContent) => {
        out.put(isFirst ? first : next);
        const offset = out.at;
        out.integer(record.offset);
        const end = out.at;
        out.put(place);
        out.repeat(offset, end);
        if (withContent) writeRecord(out, formats, record, shown(record.value), strict);
        else writeTooLarge(out, record);
      };
    },
  };
}
