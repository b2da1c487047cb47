import assert from 'node:assert/strict';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** An event, as a browser would dispatch it. */
export interface StreamEvent {
  /** `message` if it has no name; `comment` for a comment, which browsers ignore. */
  event: string;
  data: string;
  /** The last id up to this event. */
  id: string;
}

/** A stream of server-sent events, parsed as in https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export interface EventStream {
  response: IncomingMessage;
  /** The id that a browser would reconnect with. */
  readonly lastEventId: string;
  /** The next event; null at the end. */
  next(): Promise<StreamEvent | null>;
  /** The next event with this name; fails at the end. */
  nextOf(name: string): Promise<StreamEvent>;
  /** Cuts the connection. */
  cut(): void;
}

/** Opens a stream, whatever its status is. */
export async function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const { response, sent } = await open(url, { accept: 'text/event-stream', ...headers });
  const waiting: StreamEvent[] = [];
  let lastEventId = '';
  let [event, data]: [string, string[]] = ['', []];
  const take = (line: string): void => {
    if (line === '') {
      if (data.length > 0) waiting.push({ event: event || 'message', data: data.join('\n'), id: lastEventId });
      [event, data] = ['', []];
      return;
    }
    if (line.startsWith(':')) {
      waiting.push({ event: 'comment', data: line.slice(1).trim(), id: lastEventId });
      return;
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id') lastEventId = value;
  };
  const lines = linesOf(response);
  const next = async (): Promise<StreamEvent | null> => {
    while (waiting.length === 0) {
      const { value, done } = await lines.next();
      if (done) return null;
      take(value);
    }
    return waiting.shift() ?? null;
  };
  return {
    response,
    get lastEventId() {
      return lastEventId;
    },
    next,
    async nextOf(name) {
      for (;;) {
        const found = await next();
        assert.ok(found, `the stream ended without ${name}`);
        if (found.event === name) return found;
      }
    },
    cut: () => sent.destroy(),
  };
}

/** Opens a stream of lines. */
export async function openLines(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; lines: AsyncGenerator<string>; cut(): void }> {
  const { response, sent } = await open(url, headers);
  return { response, lines: linesOf(response), cut: () => sent.destroy() };
}

function open(url: string, headers: Record<string, string>): Promise<{ response: IncomingMessage; sent: ClientRequest }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => resolve({ response, sent }));
    sent.once('error', reject);
    sent.end();
  });
}

/** Whole lines; text after the last line break was cut off within a line, and is ignored. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
  }
}
