import { tooManySignIns } from '../messages/callers.ts';

/**
 * Checks credentials one after the other. Networks that wait take turns, in the order in which they came, so a network that sends much
 * delays the others by one check a round. A check is one or two hashes by scrypt, and libuv has four threads for them, for files, for
 * compression and for names of hosts together: checks at once would keep all of those waiting.
 */
export class FairQueue {
  /** What continues the checks that wait, by network; the network that is next comes first. */
  readonly #waiting = new Map<string, Set<() => void>>();
  #isBusy = false;

  /**
   * Runs a check in its turn.
   *
   * @param until for how long it may wait for its turn, by `performance.now()`
   * @throws {GatewayError} LimitExceeded when it has had no turn by then
   */
  async run<T>(network: string, until: number, check: () => Promise<T>): Promise<T> {
    if (this.#isBusy) await this.#turn(network, until - performance.now());
    this.#isBusy = true;
    try {
      return await check();
    } finally {
      this.#next();
    }
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#isBusy = false;
      return;
    }
    const [network, waiting] = first;
    const [go] = waiting;
    // To the end: the other networks come before its next check.
    this.#waiting.delete(network);
    this.#waiting.set(network, waiting);
    go();
  }

  #turn(network: string, ms: number): Promise<void> {
    if (ms <= 0) throw tooManySignIns();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(network) ?? new Set();
    this.#waiting.set(network, waiting);
    const leave = (): void => {
      clearTimeout(timer);
      waiting.delete(go);
      if (waiting.size === 0) this.#waiting.delete(network);
    };
    const go = (): void => {
      leave();
      resolve();
    };
    const timer = setTimeout(() => {
      leave();
      reject(tooManySignIns());
    }, ms);
    waiting.add(go);
    return promise;
  }
}
