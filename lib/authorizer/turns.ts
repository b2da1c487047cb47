/** Runs work of one kind one piece after the other, in the order of the calls. */
export class Turns {
  /** For each kind, a promise that settles when the last piece is done; it never rejects. */
  readonly #last = new Map<string, Promise<void>>();

  async take<T>(kind: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(kind);
    const mine = before === undefined ? work() : before.then(work);
    const done = mine.then(ignore, ignore);
    this.#last.set(kind, done);
    try {
      return await mine;
    } finally {
      if (this.#last.get(kind) === done) this.#last.delete(kind);
    }
  }
}

const ignore = (): void => undefined;
