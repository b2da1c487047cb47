import { fragment } from '../json/json-writer.ts';
import { cursorsOf } from '../records/responses/cursor.ts';
import { ndjsonPage } from '../records/responses/json-page.ts';
import type { PageLayout } from '../records/responses/render-page.ts';
import type { Shown, StreamEncoder } from './encoder.ts';
import { renderStream } from './render-stream.ts';
import type { TailPage } from './tail.ts';

/** With more partitions, a cursor is too long for every event: only the last event of a page then has one. */
const MOST_WITH_IDS = 12;
/** How long a browser waits before it reconnects. */
const RETRY_MS = 1000;

const idName = fragment('id: ');
const recordEvent = fragment('event: record\ndata: ');
const lineFeed = fragment('\n');
const eventEnd = fragment('\n\n');

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). The id of an event is a cursor, which browsers send
 * back as `Last-Event-ID`. Browsers do not dispatch an id without data, but do send it back, so each heartbeat has one.
 */
export const serverSentEvents = ({ formats, shown }: Shown): StreamEncoder => ({
  open: (cursor) => `retry: ${RETRY_MS}\nid: ${cursor}\n\n`,
  page(page, cursor) {
    const gaps = page.gaps.map((gap) => event('gap', gap));
    const records = renderStream(page.readings, layoutOf(page, cursor, ndjsonPage(formats, shown)));
    return gaps.length === 0 ? records : Buffer.concat([Buffer.from(gaps.join('')), records]);
  },
  idle: (cursor) => `: hb\nid: ${cursor}\n\n`,
  goAway: (cursor) => event('goaway', { cursor }, cursor),
  end: (cursor) => event('end', { cursor }, cursor),
  error: ({ code, message }, cursor) => event('error', { error_code: code, message, cursor }, cursor),
});

const event = (name: string, data: object, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

function layoutOf({ readings, begin }: TailPage, cursor: string, lines: PageLayout): PageLayout {
  const last = readings.findLast(({ records }) => records.length > 0);
  return {
    growth: lines.growth,
    open: () => undefined,
    items(run, strict) {
      const write = lines.items(run, strict);
      const at = readings.findIndex(({ topic, partition }) => topic === run.topic && partition === run.partition);
      const reading = readings[at];
      const final = reading.records.at(-1);
      const others = [...readings.slice(0, at), ...begin.slice(at + 1)];
      const cursorAt = readings.length <= MOST_WITH_IDS ? cursorsOf(others, reading) : null;
      return (out, record, _isFirst, withContent) => {
        const isLast = reading === last && record === final;
        const id = isLast ? cursor : (cursorAt?.(record === final ? reading.offset : record.offset + 1) ?? null);
        if (id !== null) {
          out.put(idName);
          out.copy(Buffer.from(id, 'latin1'));
          out.put(lineFeed);
        }
        out.put(recordEvent);
        write(out, record, true, withContent);
        out.put(eventEnd);
      };
    },
  };
}
