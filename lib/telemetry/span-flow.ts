import { handOver } from './hand-over.ts';
import type { RequestTrace } from './request-trace.ts';

/** How long a span waits so that it is sent together with others. */
const EVERY_MS = 5000;
/** With this many spans waiting, they are sent at once. */
const MANY = 64;
/** At most this many spans wait for a slow collector; further ones are dropped. */
const MOST_WAITING = 512;

/** Sends the spans of a long-running activity in the background. */
export class SpanFlow {
  /** How many spans were dropped. */
  dropped = 0;
  readonly #trace: RequestTrace;
  readonly #service: string;
  #timer: NodeJS.Timeout | null = null;
  #handing: Promise<void> | null = null;
  #isOver = false;

  /** @param service the service name of the spans */
  constructor(trace: RequestTrace, service: string) {
    this.#trace = trace;
    this.#service = service;
  }

  /** Call it after adding a span to the trace. */
  grown(): void {
    const { spans } = this.#trace;
    if (spans.length > MOST_WAITING) {
      spans.pop();
      this.dropped++;
    }
    this.#schedule();
  }

  /** Sends the remaining spans. Add none after this call. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#stopTimer();
    await this.#handing;
    await this.#hand();
  }

  #schedule(): void {
    if (this.#isOver || this.#handing !== null) return;
    if (this.#trace.spans.length >= MANY) this.#begin();
    else this.#timer ??= setTimeout(() => this.#begin(), EVERY_MS).unref();
  }

  #begin(): void {
    this.#stopTimer();
    this.#handing = this.#hand().then(() => {
      this.#handing = null;
      if (this.#trace.spans.length > 0) this.#schedule();
    });
  }

  async #hand(): Promise<void> {
    const dropped = await handOver(this.#trace, this.#service);
    this.dropped += dropped;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
