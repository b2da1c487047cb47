import { AnswerReader } from './answer-reader.ts';

/** Thrown where no answer came in time. */
export class AnswerTimeout extends Error {
  override readonly name = 'AnswerTimeout';
}

/** A request that waits for its answer. */
interface Awaited {
  readonly name: string;
  /** Unix milliseconds: by the wall clock, so that time spent frozen counts. */
  readonly until: number;
  resolve(payload: Buffer): void;
  reject(error: Error): void;
}

/** How often overdue requests are looked for while there are any. Not a timer for each, which a freeze would put off. */
const LOOK_EVERY_MS = 100;

/**
 * The requests of a connection that wait for their answers, by correlation id. It stands in the place of kafkajs's
 * queue, which makes several objects and messages of its log for each request.
 */
export class Answers {
  readonly #awaited = new Map<number, Awaited>();
  readonly #reader: AnswerReader;
  #looking = false;

  /** @param others takes answers to requests that are not from here: kafkajs's own, of an authentication */
  constructor(others: (correlationId: number, payload: Buffer) => void) {
    this.#reader = new AnswerReader((correlationId, payload) => {
      const request = this.#awaited.get(correlationId);
      if (request === undefined) return others(correlationId, payload);
      this.#awaited.delete(correlationId);
      request.resolve(payload);
    });
  }

  /**
   * Resolves with what follows the correlation id in the answer to a request that was just written.
   *
   * @param name of the request, for the message of a failure
   */
  next(correlationId: number, name: string, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#awaited.set(correlationId, { name, until: Date.now() + timeoutMs, resolve, reject });
      if (!this.#looking) this.#look();
    });
  }

  /** Takes bytes as the socket gives them. */
  take(chunk: Buffer): void {
    this.#reader.take(chunk);
  }

  rejectAll(error: Error): void {
    const requests = [...this.#awaited.values()];
    this.#awaited.clear();
    for (const { reject } of requests) reject(error);
  }

  #look(): void {
    this.#looking = true;
    setTimeout(() => {
      this.#looking = false;
      const now = Date.now();
      for (const [correlationId, { name, until, reject }] of this.#awaited) {
        if (now <= until) continue;
        this.#awaited.delete(correlationId);
        reject(new AnswerTimeout(`the broker did not answer ${name} in time`));
      }
      if (this.#awaited.size > 0) this.#look();
    }, LOOK_EVERY_MS).unref();
  }
}
