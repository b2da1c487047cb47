const FIRST_MS = 5000;
const LONGEST_MS = 60_000;

/**
 * Protects a failing endpoint from too many requests: after a number of failures in a row, the gateway tries one delivery at a time, with
 * pauses that grow to a minute, until one succeeds.
 */
export class Breaker {
  readonly #limit: number;
  #failures: number;
  #opened = 0;
  #until = 0;
  #isTrying = false;
  #heldUntil = 0;

  /** @param before the state that another process has left */
  constructor(limit: number, before: { readonly failures: number; readonly heldUntil: number }) {
    this.#limit = limit;
    this.#failures = before.failures;
    this.#heldUntil = before.heldUntil;
  }

  /** Until when the endpoint has asked for no requests, in Unix milliseconds. */
  get heldUntil(): number {
    return this.#heldUntil;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether deliveries pause, with one trial at a time. */
  get isOpen(): boolean {
    return this.#failures >= this.#limit;
  }

  /** True when a delivery may start now. The caller must then start one and report its result. */
  admits(now: number): boolean {
    if (now < this.#heldUntil) return false;
    if (!this.isOpen) return true;
    if (now < this.#until || this.#isTrying) return false;
    this.#isTrying = true;
    return true;
  }

  /** When it may admit the next delivery, in Unix milliseconds. */
  get nextAt(): number {
    return Math.max(this.#heldUntil, this.isOpen ? this.#until : 0);
  }

  /** The endpoint asked for a pause. */
  holdUntil(time: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, time);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#isTrying = false;
  }

  failed(now: number): void {
    this.#failures++;
    this.#isTrying = false;
    if (this.isOpen) this.#until = now + Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#opened++);
  }

  /** The delivery that was admitted says nothing about the endpoint. */
  undecided(): void {
    this.#isTrying = false;
  }
}
