import { handOver } from './hand-over.ts';
import type { RequestTrace } from './request-trace.ts';

/** How long a span waits for others to be handed over with. */
const EVERY_MS = 5000;
/** So many are handed over at once. */
const MANY = 64;
/** So many wait at most, while a collector takes its time: those that come then are dropped. */
const MOST_WAITING = 512;

/** The spans of what goes on for long: they are handed over while it does, and nobody waits for that. */
export class SpanFlow {
  /** How many spans nobody took. */
  dropped = 0;
  readonly #trace: RequestTrace;
  readonly #service: string;
  #timer: NodeJS.Timeout | null = null;
  #handing: Promise<void> | null = null;
  #isOver = false;

  /** @param service the name that they are told by */
  constructor(trace: RequestTrace, service: string) {
    this.#trace = trace;
    this.#service = service;
  }

  /** To be called when the trace has got a span. */
  grown(): void {
    const { spans } = this.#trace;
    if (spans.length > MOST_WAITING) {
      spans.pop();
      this.dropped++;
    }
    this.#schedule();
  }

  /** Hands over what is left. Nothing is to be added from then on. */
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
