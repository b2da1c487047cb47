import type { FunctionName } from '../../infra/functions.ts';
import { type ClientResponse, type HttpRequest, send } from '../harness/lambda/api-gateway.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';

/** A busy machine keeps a request waiting in ways that Lambda does not. */
const GRACE_MS = 30_000;

/** Where the zips of a version are, by function. */
export type Zips = (name: FunctionName) => string;

/**
 * Two versions of the packaged functions behind an alias each: an instance of a function for each version, which is cold at its first
 * request and answers one at a time.
 */
export class WeightedVersions implements AsyncDisposable {
  /** Of the requests to each function, what the next version gets: 0 to 1. */
  weight = 0;
  readonly #before: Version;
  readonly #next: Version;
  readonly #due = new Map<FunctionName, number>();

  /** @param environment of both versions */
  constructor({ before, next }: { before: Zips; next: Zips }, environment: Record<string, string>) {
    this.#before = new Version(before, environment);
    this.#next = new Version(next, environment);
  }

  /** Sends a request to the one or the other version: exactly as many to each as the weight says. */
  async send(name: FunctionName, request: HttpRequest): Promise<ClientResponse> {
    const due = (this.#due.get(name) ?? 0) + this.weight;
    // Sums of tenths miss a whole number by a little.
    const isNext = due > 0.999;
    this.#due.set(name, isNext ? due - 1 : due);
    return (isNext ? this.#next : this.#before).send(name, request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#before.stop(), this.#next.stop()]);
  }
}

/** One after the other: processes that all start at once on a small machine take longer than Lambda lets them. */
let starts: Promise<unknown> = Promise.resolve();

class Version {
  readonly #zips: Zips;
  readonly #environment: Record<string, string>;
  readonly #instances = new Map<FunctionName, Promise<LambdaFunction>>();
  /** What each instance is at, and what waits for it. */
  readonly #turns = new Map<FunctionName, Promise<unknown>>();

  constructor(zips: Zips, environment: Record<string, string>) {
    this.#zips = zips;
    this.#environment = environment;
  }

  send(name: FunctionName, request: HttpRequest): Promise<ClientResponse> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const turn = before.then(async () => send(await this.#instance(name), request, { graceMs: GRACE_MS }));
    this.#turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#instances.values(), async (instance) => (await instance).stop()));
  }

  #instance(name: FunctionName): Promise<LambdaFunction> {
    const known = this.#instances.get(name);
    if (known !== undefined) return known;
    const started = starts.then(() => startFunction(this.#zips(name), { env: this.#environment, memory: 512 }));
    starts = started.catch(() => undefined);
    this.#instances.set(name, started);
    return started;
  }
}
