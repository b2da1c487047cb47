import { setTimeout as delay } from 'node:timers/promises';
import type { LambdaFunction } from '../harness/lambda/start-function.ts';

/** Sends a function its n-th request and notes what came of it; true when it succeeded. */
export type Exchange = (fn: LambdaFunction, n: number) => Promise<boolean>;

/** Between the requests of a process, so that a few processes do not use up the machine and measure that. */
const PAUSE_MS = 10;

/** One process of a function under steady load: a request at a time, the next one when it is answered. */
export class Worker {
  readonly #fn: LambdaFunction;
  readonly #exchange: Exchange;
  readonly #ended: Promise<void>;
  #succeeded = 0;
  #current: Promise<boolean> | null = null;
  #frozen: PromiseWithResolvers<void> | null = null;
  #finishing = false;
  #failure: unknown;

  constructor(fn: LambdaFunction, exchange: Exchange) {
    this.#fn = fn;
    this.#exchange = exchange;
    this.#ended = this.#run().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** How many requests have succeeded so far; throws what ended the process, if anything did. */
  get succeeded(): number {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#succeeded;
  }

  /** Freezes the process once it has answered, and the load with it. */
  async freeze(): Promise<void> {
    this.#frozen = Promise.withResolvers();
    await this.#current;
    await this.#fn.freeze();
  }

  /** Lets it go on, `after` milliseconds later by its wall clock. */
  async thaw(after: number): Promise<void> {
    await this.#fn.thaw({ after });
    this.#frozen?.resolve();
    this.#frozen = null;
  }

  /** Ends the load after the present request; throws what ended the process before, if anything did. */
  async finish(): Promise<void> {
    this.#finishing = true;
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Kills the process. */
  async stop(): Promise<void> {
    this.#finishing = true;
    this.#frozen?.resolve();
    await this.#fn.stop();
    await this.#ended;
  }

  async #run(): Promise<void> {
    for (let n = 0; !this.#finishing; n++) {
      this.#current = this.#exchange(this.#fn, n);
      if (await this.#current) this.#succeeded++;
      await delay(PAUSE_MS);
      if (this.#frozen !== null) await this.#frozen.promise;
    }
  }
}
