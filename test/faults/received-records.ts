interface Handed {
  readonly at: number;
  /** Null until the group is known to have committed it. */
  settledAt: number | null;
}

/** What consumers received, what of it was committed, and why some of it came again. */
export class ReceivedRecords {
  readonly #handed = new Map<string, Handed[]>();
  readonly #faults: string[] = [];
  #answerLostAt = 0;
  /** Received again, as the partition went to another consumer before the commit. */
  uncommitted = 0;
  /**
   * Received again, although they were committed, after the answer to a request was lost, or a poll was given up: what was done last
   * for it may come late.
   */
  afterLostAnswers = 0;

  get size(): number {
    return this.#handed.size;
  }

  /** Records that came again without a reason. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  has = (place: string): boolean => this.#handed.has(place);

  /** A process died that had a request of any consumer, or a client gave a poll up, or what was given up has ended. */
  answerLost(): void {
    this.#answerLostAt = performance.now();
  }

  /** @param pollAt when the poll was first sent that got the records, as `performance.now` has it */
  receive(places: readonly string[], consumer: string, pollAt: number): void {
    for (const place of places) {
      const before = this.#handed.get(place) ?? [];
      const settled = before.find(({ settledAt }) => settledAt !== null && settledAt < pollAt);
      if (before.length > 0 && settled === undefined) this.uncommitted++;
      else if (settled !== undefined && this.#answerLostAt > settled.at) this.afterLostAnswers++;
      else if (settled !== undefined)
        this.#faults.push(`${place} by ${consumer}, ${Math.round(pollAt - (settled.settledAt ?? 0))} ms after its commit`);
      this.#handed.set(place, [...before, { at: performance.now(), settledAt: null }]);
    }
  }

  /** The group was told that these were worked on, and has said that it keeps this. */
  settle(places: readonly string[]): void {
    for (const place of places) for (const handed of this.#handed.get(place) ?? []) handed.settledAt ??= performance.now();
  }
}
