import { networkOf } from '../access/address.ts';
import { type Authenticator, type Judgement, ofScheme } from './authenticator.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { named } from './identity.ts';
import { matchingPassword } from './secret-hash.ts';
import { Turns } from './turns.ts';
import type { Users } from './users.ts';
import { VerifiedPasswords } from './verified-passwords.ts';

/** Why credentials are refused that were checked: the same for whatever is wrong with them. */
export const WRONG = 'unknown, or wrong';
export const TOO_MANY = 'too many failed attempts';

/** Longer ones are refused unread, and not remembered. */
const MAX_PASSWORD = 1024;
const MAX_USER = 128;

/**
 * User names and passwords (RFC 7617, in UTF-8). An unknown user takes as long to be refused as a wrong password. Those that come from
 * one address are checked one after the other: of many at a time, none would be known to have failed before all are checked.
 *
 * @param currentUsers the users as they are now
 */
export function basic(currentUsers: () => Promise<Users>, now: () => number = Date.now): Authenticator {
  const attempts = new FailedAttempts(now);
  const verified = new VerifiedPasswords(now);
  const turns = new Turns();

  const judge = async (user: string, password: string, address: string): Promise<Judgement> => {
    const { users } = await currentUsers();
    const { hashes, groups } = users.get(user) ?? { hashes: [], groups: [] };
    // Before failures are looked at: nobody else's attempts lock out a user who is known here, nor have one wait.
    if (verified.has(user, password, hashes)) return named(user, groups);
    return turns.take(networkOf(address) || user, async () => {
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
