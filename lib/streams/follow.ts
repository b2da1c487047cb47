import { expires, msUntil } from '../deadline.ts';
import { GatewayError } from '../errors.ts';
import { gatewayFailed } from '../messages/requests.ts';
import { type Position, writeCursor } from '../records/responses/cursor.ts';
import type { StreamEncoder } from './encoder.ts';
import type { TailPage } from './tail.ts';

/** Why a stream ended. */
export type StreamEnd = 'time' | 'idle' | 'complete' | 'client' | 'error';

/** What a stream has sent, for the log. */
export interface StreamSummary {
  ended: StreamEnd;
  records: number;
  bytes: number;
  /** The error that ended it; null otherwise. */
  error: GatewayError | null;
}

export interface FollowOptions {
  /** The position at which the stream begins. */
  start: readonly Position[];
  /** When to ask the client to reconnect, in Unix milliseconds. */
  until: number;
  /** After how many milliseconds without a record to ask the client to reconnect; infinite for never. */
  idleMs: number;
  /** Aborts when the client has left; null where nobody can know. */
  gone: AbortSignal | null;
  /** Aborts to ask the client to reconnect now. */
  closing: AbortSignal | null;
  requestId: string;
  /** Whether the client may still have what follows; asked before each page. If not, the client has to ask anew. By default it may. */
  isAllowed?: () => Promise<boolean>;
  /** Called with each page that has content, before it is sent. The returned function is called once the client has taken it or left. */
  onPage?: ((page: TailPage) => (isTaken: boolean) => void) | undefined;
  /** Called once, when nothing more follows. The stream awaits a promise that it returns. */
  onEnd: (summary: StreamSummary) => unknown;
}

/** Front ends cut connections that are silent for longer: an edge-optimised API of API Gateway after 30 s. */
const HEARTBEAT_MS = 15_000;
/** How long the end of a stream waits for the fetch in flight: longer than a fetch waits for records, and less than functions have left. */
const LAST_FETCH_MS = 3000;

/**
 * Sends pages as a stream, with a heartbeat every 15 s, up to `until`. An error ends the stream and is its last event. The next page is
 * requested only once the client has taken the one before.
 */
export async function* follow(
  pages: AsyncGenerator<TailPage, void>,
  encoder: StreamEncoder,
  { start, until, idleMs, gone, closing, requestId, isAllowed, onPage, onEnd }: FollowOptions,
): AsyncGenerator<Buffer, void> {
  const summary: StreamSummary = { ended: 'client', records: 0, bytes: 0, error: null };
  const counted = (text: string | Buffer): Buffer => {
    const bytes = Buffer.from(text);
    summary.bytes += bytes.length;
    return bytes;
  };
  const signals = [gone, closing].filter((signal) => signal !== null);
  // Reasons to end that let the client reconnect.
  const isOver = () => Date.now() >= until || closing?.aborted === true;
  let positions = start;
  let cursor = writeCursor(start);
  let recordAt = Date.now();
  let next: Promise<IteratorResult<TailPage, void>> | null = null;
  try {
    yield counted(encoder.open(cursor));
    for (let saidAt = Date.now(); ; ) {
      next ??= pages.next();
      const wakeAt = Math.min(saidAt + HEARTBEAT_MS, until, recordAt + idleMs);
      const result = await firstOf(next, wakeAt, signals);
      const mayGoOn = isAllowed === undefined || (await isAllowed());
      if (gone?.aborted) return;
      if (!mayGoOn) {
        summary.ended = 'time';
        yield counted(encoder.goAway(cursor));
        return;
      }
      if (result !== null) {
        next = null;
        if (result.done) {
          summary.ended = isOver() ? 'time' : 'complete';
          yield counted(isOver() ? encoder.goAway(cursor) : encoder.end(cursor));
          return;
        }
        const page = result.value;
        const behind = writeCursor(page.next);
        const bytes = encoder.page(page, behind);
        // Only now: an error goes on in front of a page that was not sent.
        positions = page.next;
        cursor = behind;
        if (bytes.length > 0) {
          for (const { records } of page.readings) summary.records += records.length;
          summary.bytes += bytes.length;
          yield* onPage === undefined ? [bytes] : sending(bytes, onPage(page));
          recordAt = saidAt = Date.now();
        }
      } else if (!isOver() && Date.now() < recordAt + idleMs) {
        yield counted(encoder.idle(cursor));
        saidAt = Date.now();
      }
      if (isOver() || Date.now() >= recordAt + idleMs) {
        summary.ended = isOver() ? 'time' : 'idle';
        yield counted(encoder.goAway(cursor));
        return;
      }
    }
  } catch (thrown) {
    const error = thrown instanceof GatewayError ? thrown : gatewayFailed.with({ cause: thrown }, requestId);
    Object.assign(summary, { ended: 'error', error });
    yield counted(encoder.error(error, cursorBehind(error, positions)));
  } finally {
    // Also awaits the fetch in flight: the caller frees what the stream holds only when no request to Kafka is left, unless Kafka is silent.
    const left = Promise.allSettled([next, pages.return()]);
    await Promise.allSettled([onEnd(summary), expires(left, Date.now() + LAST_FETCH_MS)]);
  }
}

/** Yields bytes, then reports whether the client took them: a client that requests nothing after them has left. */
function* sending(bytes: Buffer, ended: (isTaken: boolean) => void): Generator<Buffer, void> {
  let isTaken = false;
  try {
    yield bytes;
    isTaken = true;
  } finally {
    ended(isTaken);
  }
}

/** The cursor after an unreadable batch, if that was the error; the other partitions keep their positions. */
export function cursorBehind({ goOn }: GatewayError, positions: readonly Position[]): string {
  const isIt = ({ topic, partition }: Position) => topic === goOn?.topic && partition === goOn.partition;
  return writeCursor(goOn === null ? positions : positions.map((one) => (isIt(one) ? { ...one, offset: goOn.offset } : one)));
}

/** The promise's result; null when the time or a signal comes first. */
function firstOf<T>(promise: Promise<T>, wakeAt: number, signals: readonly AbortSignal[]): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const wake = () => settle(() => resolve(null));
    const timer = setTimeout(wake, msUntil(wakeAt));
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', wake);
      outcome();
    };
    for (const signal of signals) signal.addEventListener('abort', wake, { once: true });
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (signals.some(({ aborted }) => aborted)) wake();
  });
}
