import { createHmac, randomBytes } from 'node:crypto';
import { BoundedMap } from '../bounded-map.ts';

/** How long a verified password needs no new check by scrypt. */
const LIFETIME_MS = 5 * 60 * 1000;
const MAX_REMEMBERED = 1000;

/** Recently verified passwords, as hashes with a key that only this process has. */
export class VerifiedPasswords {
  readonly #key = randomBytes(32);
  readonly #hashes = new BoundedMap<string, { hash: string; until: number }>(MAX_REMEMBERED);
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether this password was verified against a hash that the user still has. */
  has(user: string, password: string, hashes: readonly string[]): boolean {
    const verified = this.#hashes.get(this.#keyed(user, password));
    return verified !== undefined && verified.until > this.#now() && hashes.includes(verified.hash);
  }

  add(user: string, password: string, hash: string): void {
    this.#hashes.set(this.#keyed(user, password), { hash, until: this.#now() + LIFETIME_MS });
  }

  /** A user name never contains a null character. */
  #keyed(user: string, password: string): string {
    return createHmac('sha256', this.#key).update(`${user}\0${password}`).digest('base64');
  }
}
