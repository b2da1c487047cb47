import type { Clock } from '../../clock.ts';

/** Why a run has ended. */
export type RunEnd = 'time' | 'idle' | 'lease' | 'disabled' | 'replayed';

/** A reason, because an abort without one creates an error with a stack trace. */
const WOKEN = 'woken';

/** A run: why it ends, and how its loop waits and wakes. */
export class Run {
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #ending: RunEnd | null = null;
  #wake = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null while the run continues. */
  get ending(): RunEnd | null {
    return this.#ending;
  }

  /** Aborts when the run ends. */
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

  /** Waits this many milliseconds, or until {@link wake}. */
  async wait(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
    await this.#clock.wait(Math.max(1, ms), this.#wake.signal);
  }
}
