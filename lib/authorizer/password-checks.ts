import { tooManySignIns } from '../messages/callers.ts';
import { matchingPassword } from './secret-hash.ts';

/**
 * Checks passwords one after the other, in the order of the calls. A check is one or two hashes by scrypt, and libuv has four threads for
 * them, for files, for compression and for names of hosts together: what comes from many networks at once would keep all of those waiting.
 */
export class PasswordChecks {
  readonly #waiting = new Set<() => void>();
  #isBusy = false;

  /**
   * The hash that a password matches; null for none.
   *
   * @param until for how long to wait for its turn, by `performance.now()`
   * @throws {GatewayError} LimitExceeded when it has had no turn by then
   */
  async matching(password: string, hashes: readonly string[], until: number): Promise<string | null> {
    if (this.#isBusy) await this.#turn(until - performance.now());
    this.#isBusy = true;
    try {
      return await matchingPassword(password, hashes);
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#isBusy = false;
      else next();
    }
  }

  #turn(ms: number): Promise<void> {
    if (ms <= 0) throw tooManySignIns();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const go = (): void => {
      this.#waiting.delete(go);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(go);
      reject(tooManySignIns());
    }, ms);
    this.#waiting.add(go);
    return promise;
  }
}
