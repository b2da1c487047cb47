import { Misfit } from './misfit.ts';

/** The most text of one value, in bytes. */
const MOST_OF_ONE = 8 * 1024 * 1024;
/** A response has 6 MB. It is written twice if some text is not UTF-8, and values that do not fit into it are decoded in vain. */
const MOST_OF_ALL = 32 * 1024 * 1024;

/** A value whose JSON would be too long. The message completes "the value …". */
export class TooMuchText extends Misfit {}

/** Limits the JSON text of a page's values: with some schemas, a few bytes decode to any amount of text. */
export class TextBudget {
  #left: number;

  constructor(most = MOST_OF_ALL) {
    this.#left = most;
  }

  /** The most text of the next value. */
  get forOne(): number {
    return Math.min(this.#left, MOST_OF_ONE);
  }

  spend(bytes: number): void {
    this.#left -= bytes;
  }

  /** The error for a value whose text would be too long. */
  exceeded(): TooMuchText {
    const { forOne } = this;
    return new TooMuchText(
      forOne === MOST_OF_ONE
        ? `is larger than ${MOST_OF_ONE} bytes as JSON`
        : 'takes the page beyond the JSON that it may become: ask for fewer records',
    );
  }
}
