import { Misfit } from './misfit.ts';

/** Items, fields, branches and keywords: each takes about 20 ns. Far more than 6 MiB of JSON need with any schema in use. */
const MOST_STEPS = 20_000_000;
/** Defaults of a schema may make any number of bytes from an empty value. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Limits the cost of encoding one request's data, including failed attempts: a schema can cause much work for little data. */
export class WorkBudget {
  #steps: number;
  #bytes: number;

  constructor(steps = MOST_STEPS, bytes = MOST_BYTES) {
    this.#steps = steps;
    this.#bytes = bytes;
  }

  /** @throws {Misfit} when the steps exceed the budget */
  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw final('takes too long with its schema, by the work of all that the request has: send fewer records');
  }

  /** @throws {Misfit} when the memory exceeds the budget */
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
