import { ApiError, ask } from './client.ts';
import { membersOf, textOf } from './exact-json.ts';
import { queryOf, type Reading, readApiPage, type ShownRecord } from './records.ts';
import { eventOf } from './server-event.ts';

/** Takes records as they come. */
export type Take = (records: readonly ShownRecord[]) => void;

const WAIT_MS = '20000';

/** Follows a topic from now on until `signal` ends it: by a stream, or where there is none by page after page. */
export async function follow(reading: Reading, take: Take, signal: AbortSignal): Promise<void> {
  let cursor: string | null = null;
  while (!signal.aborted) {
    try {
      cursor = await stream(reading, cursor, take, signal);
    } catch (error) {
      if (signal.aborted) return;
      // HTTP APIs send answers as a whole.
      if (!(error instanceof ApiError) || error.status !== 406) throw error;
      return poll(reading, cursor, take, signal).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
    }
  }
}

async function poll(reading: Reading, from: string | null, take: Take, signal: AbortSignal): Promise<void> {
  let cursor = from;
  while (!signal.aborted) {
    const page = await readApiPage(reading, { ...(cursor === null ? { from: 'latest' } : { cursor }), timeout: WAIT_MS }, signal);
    cursor = page.cursor;
    take(page.records);
  }
}

/** @returns the cursor behind what has come, once the stream ends */
async function stream(reading: Reading, from: string | null, take: Take, signal: AbortSignal): Promise<string | null> {
  const query = queryOf(reading, from === null ? { from: 'latest' } : { cursor: from });
  const response = await ask(`/topics/${encodeURIComponent(reading.topic)}/records?${query}`, { accept: 'text/event-stream', signal });
  if (response.body === null) return from;
  let cursor = from;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return cursor;
    const events = `${rest}${decoder.decode(value, { stream: true })}`.split('\n\n');
    rest = events.pop() ?? '';
    const records: ShownRecord[] = [];
    for (const event of events.map(eventOf)) {
      cursor = event.id ?? cursor;
      if (event.name === 'record') records.push(membersOf(event.data));
      if (event.name === 'error') throw errorOf(event.data);
    }
    take(records);
  }
}

function errorOf(data: string): ApiError {
  const members = membersOf(data);
  return new ApiError(textOf(members.get('message') ?? data), 200, members.get('error_code') ?? '', '');
}
