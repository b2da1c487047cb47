import { ApiError, ask } from './client.ts';
import { membersOf, textOf } from './exact-json.ts';
import { queryOf, type Reading, readApiPage, type ShownRecord } from './records.ts';
import { eventOf } from './server-event.ts';
import { settings } from './settings.ts';

/** Receives records as they arrive, and the cursor after them. */
export type Take = (records: readonly ShownRecord[], cursor: string | null) => void;

/** The addresses that may stream, in the order to try, with additional query parameters. */
const ADDRESSES: readonly (readonly [base: string, query: Readonly<Record<string, string>>])[] = [
  // Lambda runs, and bills, a stream until its time is over, even if its reader has left.
  ...(settings.streams === null ? [] : [[settings.streams, { max_duration: '60000' }] as const]),
  [settings.base, {}],
];
const WAIT_MS = '20000';
/** A stream sends its cursor at once. A response that stays silent longer does not stream, or something buffers it. */
const BEGINS_WITHIN_MS = 15_000;
/** The pause before the next stream, as streams ask for. */
const PAUSE_MS = 1000;

/** Follows a topic from a cursor or from now on, until `signal` aborts: by streams, or page by page where nothing streams. */
export async function follow(reading: Reading, from: string | null, take: Take, signal: AbortSignal): Promise<void> {
  let cursor = from;
  const taken: Take = (records, next) => {
    if (signal.aborted) return;
    cursor = next;
    take(records, next);
  };
  try {
    for (const [base, query] of ADDRESSES) {
      while (await stream(base, reading, { ...query, ...placeOf(cursor) }, taken, signal)) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
    while (!signal.aborted) {
      // The first page comes at once with a cursor, so that no record is lost if a later request fails.
      const page = await readApiPage(reading, { ...placeOf(cursor), timeout: cursor === null ? '0' : WAIT_MS }, signal);
      taken(page.records, page.cursor);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const placeOf = (cursor: string | null): Record<string, string> => (cursor === null ? { from: 'latest' } : { cursor });

/** @returns whether to open another stream after this one: false when this address does not stream */
async function stream(
  base: string,
  reading: Reading,
  query: Readonly<Record<string, string>>,
  take: Take,
  signal: AbortSignal,
): Promise<boolean> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), BEGINS_WITHIN_MS);
  let cursor = query.cursor ?? null;
  let hasBegun = false;
  try {
    const path = `/topics/${encodeURIComponent(reading.topic)}/records?${queryOf(reading, query)}`;
    const response = await ask(path, { base, accept: 'text/event-stream', signal: AbortSignal.any([signal, late.signal]) });
    for await (const events of eventsOf(response)) {
      clearTimeout(timer);
      hasBegun = true;
      const records: ShownRecord[] = [];
      for (const event of events.map(eventOf)) {
        cursor = event.id ?? cursor;
        if (event.name === 'record') records.push(membersOf(event.data));
        if (event.name === 'error') throw errorOf(event.data);
      }
      take(records, cursor);
    }
    return hasBegun;
  } catch (error) {
    if (signal.aborted || !(late.signal.aborted || isWithoutStream(error))) throw error;
    return hasBegun;
  } finally {
    clearTimeout(timer);
    late.abort();
  }
}

/** HTTP APIs cannot stream and answer 406. Other errors mean that the connection failed. */
const isWithoutStream = (error: unknown): boolean =>
  error instanceof ApiError ? error.status === 406 || error.status === 0 : error instanceof TypeError;

/** The events of a stream, in groups as they arrive. */
async function* eventsOf({ body }: Response): AsyncGenerator<string[]> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = `${rest}${decoder.decode(value, { stream: true })}`.split('\n\n');
    rest = events.pop() ?? '';
    yield events;
  }
}

function errorOf(data: string): ApiError {
  const members = membersOf(data);
  return new ApiError(textOf(members.get('message') ?? data), 200, members.get('error_code') ?? '', '');
}
