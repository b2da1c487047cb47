import { Misfit } from './misfit.ts';

/** Of one value. */
const MOST_OF_ONE = 8 * 1024 * 1024;
/** A response has 6 MB, is written twice where some text is not UTF-8, and values that do not fit it are written in vain. */
const MOST_OF_ALL = 32 * 1024 * 1024;

/** A value that would become more JSON than it may. The message completes "the value …". */
export class TooMuchText extends Misfit {}

/** JSON text that the values of a page may become: with some schemas a few bytes stand for any amount of it. */
export class TextBudget {
  #left: number;

  constructor(most = MOST_OF_ALL) {
    this.#left = most;
  }

  /** What one more value may become. */
  get forOne(): number {
    return Math.min(this.#left, MOST_OF_ONE);
  }

  spend(bytes: number): void {
    this.#left -= bytes;
  }

  /** What to throw when a value would become more than it may. */
  exceeded(): TooMuchText {
    const { forOne } = this;
    return new TooMuchText(
      forOne === MOST_OF_ONE
        ? `is larger than ${MOST_OF_ONE} bytes as JSON`
        : 'takes the page beyond the JSON that it may become: ask for fewer records',
    );
  }
}
