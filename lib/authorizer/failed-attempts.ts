import { networkOf } from '../access/address.ts';
import { BoundedMap } from '../bounded-map.ts';

/** How long failures count, from the first one on. */
const WINDOW_MS = 60_000;
/** How many failures per window an address, or an IPv6 /64 network, may have for one account, and for all accounts together. */
export const MAX_OF_ACCOUNT = 5;
export const MAX_OF_ADDRESS = 25;
/** How many counts are kept at most; the oldest goes first. */
const MAX_REMEMBERED = 10_000;

/** Counts failed attempts in this process. A caller that fails too often is refused for the rest of the minute, before any costly check. */
export class FailedAttempts {
  readonly #counts = new BoundedMap<string, { failures: number; until: number }>(MAX_REMEMBERED);
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether there were too many failures. */
  areTooMany(address: string, account: string): boolean {
    const network = networkOf(address);
    return this.#of(`${network} ${account}`) >= MAX_OF_ACCOUNT || (network !== '' && this.#of(network) >= MAX_OF_ADDRESS);
  }

  count(address: string, account: string): void {
    const network = networkOf(address);
    for (const key of [`${network} ${account}`, network]) {
      const counted = this.#counts.get(key);
      if (counted !== undefined && counted.until > this.#now()) counted.failures++;
      else this.#counts.set(key, { failures: 1, until: this.#now() + WINDOW_MS });
    }
  }

  #of(key: string): number {
    const counted = this.#counts.get(key);
    return counted !== undefined && counted.until > this.#now() ? counted.failures : 0;
  }
}
