/** How many records a subscription may still send. Both totals only grow, so either may be reported late or twice. */
export class Credit {
  #given: number;
  #sent: number;
  #more = Promise.withResolvers<void>();

  constructor(given: number, sent = 0) {
    this.#given = given;
    this.#sent = sent;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Also 0 while more was sent than this process knows to be given. */
  get left(): number {
    return Math.max(0, this.#given - this.#sent);
  }

  give(credit: number): void {
    this.giveInAll(this.#given + credit);
  }

  /** @param given the total credit since the subscription began */
  giveInAll(given: number): void {
    this.#given = Math.max(this.#given, given);
    this.#more.resolve();
  }

  take(records: number): void {
    this.#sent += records;
  }

  /** Resolves when there is credit, or when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const wake = () => this.#more.resolve();
    signal.addEventListener('abort', wake);
    while (this.left === 0 && !signal.aborted) {
      this.#more = Promise.withResolvers();
      await this.#more.promise;
    }
    signal.removeEventListener('abort', wake);
  }
}
