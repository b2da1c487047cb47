import type { Clock } from './clock.ts';

/** Why a run has ended. */
export type RunEnd = 'time' | 'idle' | 'lease' | 'disabled' | 'replayed';

/** A reason, as an abort without one makes an error with a stack. */
const WOKEN = 'woken';

/** The course of a run: what ends it, and what wakes the part of it that waits for something to do. */
export class Run {
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #ending: RunEnd | null = null;
  #wake = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null while it goes on. */
  get ending(): RunEnd | null {
    return this.#ending;
  }

  /** Given when it ends. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Only the first reason counts. */
  end(why: RunEnd): void {
    this.#ending ??= why;
    this.#over.abort(WOKEN);
    this.wake();
  }

  wake(): void {
    this.#wake.abort(WOKEN);
  }

  /** Waits for so many milliseconds, or until it is woken. */
  async wait(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
    await this.#clock.wait(Math.max(1, ms), this.#wake.signal);
  }
}
