import type { Authenticator, Judgement } from './authenticator.ts';
import { WRONG } from './basic.ts';
import { named } from './identity.ts';
import { hashKey, matchingKey } from './secret-hash.ts';
import type { Users } from './users.ts';

/** Compared with the key when the name is unknown. */
const NO_KEY = [hashKey(crypto.randomUUID())];

/**
 * API keys in the header `x-api-key`: `<name>.<secret>`. The name is the principal. Failed attempts are not counted: nobody guesses a
 * secret of 256 random bits, and comparing it is cheap.
 *
 * @param currentUsers the current keys
 */
export function apiKey(currentUsers: () => Promise<Users>): Authenticator {
  const judge = async (key: string): Promise<Judgement> => {
    const name = key.slice(0, Math.max(0, key.lastIndexOf('.')));
    const { keys } = await currentUsers();
    const { hashes, groups } = keys.get(name) ?? { hashes: NO_KEY, groups: [] };
    return matchingKey(key, hashes) === null ? { refused: WRONG } : named(name, groups);
  };
  return ({ apiKey: key }) => (key === undefined ? null : judge(key.trim()));
}
