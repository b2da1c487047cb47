import { networkOf } from '../access/address.ts';
import { type Authenticator, type Judgement, ofScheme } from './authenticator.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { FairQueue } from './fair-queue.ts';
import { named } from './identity.ts';
import { matchingPassword } from './secret-hash.ts';
import type { Users } from './users.ts';
import { VerifiedPasswords } from './verified-passwords.ts';

/** The one reason for all wrong credentials. */
export const WRONG = 'unknown, or wrong';
export const TOO_MANY = 'too many failed attempts';

/** Longer ones are refused unread. */
const MAX_PASSWORD = 1024;
const MAX_USER = 128;
/** How long a password waits for others to be checked. */
const WAIT_MS = 5000;

/**
 * User names and passwords (RFC 7617, in UTF-8). Refusing an unknown user takes as long as refusing a wrong password.
 * Passwords are checked one after the other: if those from one address were checked at once, failed attempts would not count in time to
 * stop the others. It throws LimitExceeded when a password has had no turn in time.
 *
 * @param currentUsers the current users
 */
export function basic(currentUsers: () => Promise<Users>, now: () => number = Date.now): Authenticator {
  const attempts = new FailedAttempts(now);
  const verified = new VerifiedPasswords(now);
  const queue = new FairQueue();

  const judge = async (user: string, password: string, address: string): Promise<Judgement> => {
    const { users } = await currentUsers();
    const { hashes, groups } = users.get(user) ?? { hashes: [], groups: [] };
    // Checked before failed attempts count: attempts of others must neither lock out nor delay a user who is already verified.
    if (verified.has(user, password, hashes)) return named(user, groups);
    // Its refusal costs no check, so it need not wait for those of others.
    if (attempts.areTooMany(address, user)) return { refused: TOO_MANY };
    return queue.run(networkOf(address) || user, performance.now() + WAIT_MS, async () => {
      if (verified.has(user, password, hashes)) return named(user, groups);
      if (attempts.areTooMany(address, user)) return { refused: TOO_MANY };
      const hash = await matchingPassword(password, hashes);
      if (hash === null) {
        attempts.count(address, user);
        return { refused: WRONG };
      }
      verified.add(user, password, hash);
      return named(user, groups);
    });
  };

  return ({ authorization, address }) => {
    const encoded = ofScheme('basic', authorization);
    if (encoded === null) return null;
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1 || colon > MAX_USER || text.length - colon > MAX_PASSWORD) return Promise.resolve({ refused: WRONG });
    return judge(text.slice(0, colon), text.slice(colon + 1), address);
  };
}
