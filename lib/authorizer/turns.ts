/** Has work of one kind done one piece after the other, in the order in which it was asked for. */
export class Turns {
  /** For each kind, what settles when the last piece that was asked for is done; it never rejects. */
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
