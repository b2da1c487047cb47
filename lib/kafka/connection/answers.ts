import { AnswerReader } from './answer-reader.ts';

/** Thrown when no answer came in time. */
class AnswerTimeout extends Error {
  override readonly name = 'AnswerTimeout';
}

/** A request that waits for its answer. */
interface Awaited {
  readonly correlationId: number;
  readonly name: string;
  /** Unix milliseconds: by the wall clock, so that time spent frozen counts. */
  until: number;
  readonly timeoutMs: number;
  /** The same at the latest, although bytes come. */
  readonly latest: number;
  resolve(payload: Buffer): void;
  reject(error: Error): void;
}

/** A broker of which anything has come this lately is not silent: the answer is on its way, over a slow network. */
const HEARD_MS = 1000;

/** By how much an answer that comes slowly may outlast its time-out: no client waits for longer than API Gateway does. */
const SLOWEST_MS = 30_000;

/** How often to look for overdue requests while any request waits. A freeze would delay a timer for each request. */
const LOOK_EVERY_MS = 100;

/**
 * The requests of a connection that wait for their answers, in the order in which they were sent, which is also that of the answers.
 * Replaces kafkajs's queue, which creates several objects and log messages for each request.
 */
export class Answers {
  #awaited: Awaited[] = [];
  readonly #reader = new AnswerReader((correlationId, payload) => this.#settle(correlationId, payload));
  #looking = false;
  /** When bytes last came, in Unix milliseconds. */
  #heardAt = 0;

  /**
   * Resolves with the answer to a request that was just written: the bytes after the correlation id. While bytes come, an answer may take
   * longer than `timeoutMs`.
   *
   * @param name of the request, for the message of a failure
   * @param latest when it fails in any case, in Unix milliseconds; by default 30 s after the time-out
   * @param aheadMs how much longer it may take while the requests before it are not answered
   */
  next(correlationId: number, name: string, timeoutMs: number, latest?: number, aheadMs = 0): Promise<Buffer> {
    const until = Date.now() + timeoutMs + aheadMs;
    return new Promise((resolve, reject) => {
      this.#awaited.push({ correlationId, name, timeoutMs, until, latest: latest ?? until + SLOWEST_MS, resolve, reject });
      if (!this.#looking) this.#look();
    });
  }

  /** Where the socket puts the next bytes, before it calls `take`. */
  get room(): Buffer {
    return this.#reader.room;
  }

  /** Takes bytes from the socket. They may be overwritten afterwards. */
  take(chunk: Buffer): void {
    this.#heardAt = Date.now();
    this.#reader.take(chunk);
  }

  /** Lets requests of these names that wait keep their whole time-out for when the broker reads again, in `forMs` milliseconds. */
  hold(names: ReadonlySet<string>, forMs: number): void {
    for (const one of this.#awaited) {
      if (names.has(one.name)) one.until = Math.max(one.until, Date.now() + forMs + one.timeoutMs);
    }
  }

  rejectAll(error: Error): void {
    const requests = this.#awaited;
    this.#awaited = [];
    for (const { reject } of requests) reject(error);
  }

  /** Drops the answer to a request that was given up. */
  #settle(correlationId: number, payload: Buffer): void {
    const at = this.#awaited.findIndex((one) => one.correlationId === correlationId);
    if (at >= 0) this.#awaited.splice(at, 1)[0].resolve(payload);
    const next = this.#awaited.at(0);
    // The broker has all that went out before it.
    if (next) next.until = Math.min(next.until, this.#heardAt + next.timeoutMs);
  }

  #look(): void {
    this.#looking = true;
    setTimeout(() => {
      this.#looking = false;
      const now = Date.now();
      const isSilent = now - this.#heardAt >= HEARD_MS;
      this.#awaited = this.#awaited.filter(({ name, until, latest, reject }) => {
        const isOverdue = now > latest || (isSilent && now > until);
        if (isOverdue) reject(new AnswerTimeout(`the broker did not answer ${name} in time`));
        return !isOverdue;
      });
      if (this.#awaited.length > 0) this.#look();
    }, LOOK_EVERY_MS).unref();
  }
}
