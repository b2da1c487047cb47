import { Misfit } from './misfit.ts';

/** Items, fields, branches and keywords: some of 20 ns, and far more than 6 MiB of JSON need with any schema in use. */
const MOST_STEPS = 20_000_000;
/** Defaults of a schema may make any number of bytes from none. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What writing the data of one request may cost. What is tried and taken back counts as well: schemas can make much work of little data.
 */
export class WorkBudget {
  #steps: number;
  #bytes: number;

  constructor(steps = MOST_STEPS, bytes = MOST_BYTES) {
    this.#steps = steps;
    this.#bytes = bytes;
  }

  /** @throws {Misfit} when so many steps are too many */
  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw final('takes too long with its schema, by the work of all that the request has: send fewer records');
  }

  /** @throws {Misfit} when so much memory is too much */
  allocate(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw final('makes too many bytes with its schema, by those of all that the request has: send fewer records');
  }
}

function final(message: string): Misfit {
  const misfit = new Misfit(message);
  misfit.isFinal = true;
  return misfit;
}
