import { networkOf } from '../access/address.ts';

/** How long failures count, from the first of them. */
const WINDOW_MS = 60_000;
/** Failures in that time that one address, or one network of IPv6, may have for one account, and for all accounts together. */
export const MAX_OF_ACCOUNT = 5;
export const MAX_OF_ADDRESS = 25;
/** What is remembered at most; the oldest is forgotten first. */
const MAX_REMEMBERED = 10_000;

/** Counts failed attempts in this process. Who fails too often is refused for the rest of a minute, before anything costly is done. */
export class FailedAttempts {
  readonly #counts = new Map<string, { failures: number; until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether there were too many. */
  areTooMany(address: string, account: string): boolean {
    const network = networkOf(address);
    return this.#of(`${network} ${account}`) >= MAX_OF_ACCOUNT || (network !== '' && this.#of(network) >= MAX_OF_ADDRESS);
  }

  count(address: string, account: string): void {
    const network = networkOf(address);
    for (const key of [`${network} ${account}`, network]) {
      const counted = this.#counts.get(key);
      if (counted !== undefined && counted.until > this.#now()) counted.failures++;
      else this.#start(key);
    }
  }

  #start(key: string): void {
    this.#counts.delete(key);
    this.#counts.set(key, { failures: 1, until: this.#now() + WINDOW_MS });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_REMEMBERED) this.#counts.delete(oldest);
  }

  #of(key: string): number {
    const counted = this.#counts.get(key);
    return counted !== undefined && counted.until > this.#now() ? counted.failures : 0;
  }
}
