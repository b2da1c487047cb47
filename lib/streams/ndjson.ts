import { ndjsonPage } from '../records/responses/json-page.ts';
import type { PageLayout } from '../records/responses/render-page.ts';
import type { Shown, StreamEncoder } from './encoder.ts';
import { renderStream } from './render-stream.ts';

/**
 * One JSON text per line. Each page ends with the pagination line of NDJSON pages, from whose cursor a reader continues. That line alone is
 * the heartbeat.
 */
export const jsonLines = ({ formats, shown }: Shown): StreamEncoder => ({
  open: (cursor) => lineOf({ nextCursor: cursor, lag: null }),
  page({ readings, gaps, lag }, cursor) {
    const hasAny = gaps.length > 0 || readings.some(({ records }) => records.length > 0);
    if (!hasAny) return Buffer.alloc(0);
    const records = renderStream(readings, linesOf(ndjsonPage(formats, shown)));
    return Buffer.concat([records, Buffer.from(lineOf({ nextCursor: cursor, lag }, gaps))]);
  },
  idle: (cursor) => lineOf({ nextCursor: cursor, lag: 0 }),
  goAway: (cursor) => lineOf({ nextCursor: cursor, lag: null }),
  end: (cursor) => lineOf({ nextCursor: cursor, lag: 0 }),
  error: ({ code, message }, cursor) => `${JSON.stringify({ error_code: code, message, cursor })}\n`,
});

const lineOf = ({ nextCursor, lag }: { nextCursor: string; lag: number | null }, gaps: readonly object[] = []): string =>
  `${JSON.stringify({ pagination: { nextCursor, limit: null, lag }, gaps })}\n`;

/** Ends each line with a line break, including the last. */
const linesOf = (lines: PageLayout): PageLayout => ({
  ...lines,
  items(run, strict) {
    const write = lines.items(run, strict);
    return (out, record, _isFirst, withContent) => {
      write(out, record, true, withContent);
      out.copy(LINE_FEED);
    };
  },
});

const LINE_FEED = Buffer.from('\n');
