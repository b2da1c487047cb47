import type { Clock } from '../../../lib/clock.ts';

/** A clock that jumps to the next timer as soon as nothing else is left to do. */
export class FastClock implements Clock {
  #now: number;
  readonly #waiting: { at: number; end: () => void }[] = [];
  #isGoing = false;

  constructor(now = Date.UTC(2031, 0, 1)) {
    this.#now = now;
  }

  now = (): number => this.#now;
  random = (): number => 0.5;

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const one = { at: this.#now + ms, end: resolve };
    this.#waiting.push(one);
    signal.addEventListener('abort', () => this.#finish(one), { once: true });
    this.#go();
    return promise;
  }

  #finish(one: { at: number; end: () => void }): void {
    const at = this.#waiting.indexOf(one);
    if (at >= 0) this.#waiting.splice(at, 1);
    one.end();
  }

  #go(): void {
    if (this.#isGoing) return;
    this.#isGoing = true;
    setImmediate(() => {
      this.#isGoing = false;
      const [first] = this.#waiting.toSorted((a, b) => a.at - b.at);
      if (first === undefined) return;
      this.#now = Math.max(this.#now, first.at);
      this.#finish(first);
      if (this.#waiting.length > 0) this.#go();
    });
  }
}
