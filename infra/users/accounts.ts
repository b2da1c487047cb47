import { randomBytes } from 'node:crypto';
import { hashKey, hashPassword } from '../../lib/authorizer/secret-hash.ts';
import { ACCOUNT_NAME, type Account, type Users } from '../../lib/authorizer/users.ts';

/** The kind of an account. */
export type Kind = keyof Users;

/** The accounts after a change, and the new password or key. */
export interface Made {
  users: Users;
  secret: string;
}

const words: Record<Kind, string> = { users: 'user', keys: 'API key' };

/** @throws {Error} when the name is taken or invalid */
export async function add(users: Users, kind: Kind, name: string, groups: readonly string[]): Promise<Made> {
  if (!ACCOUNT_NAME.test(name)) throw new Error('A name is 1 to 128 letters, digits and . _ - + @');
  if (users[kind].has(name)) throw new Error(`There is a ${words[kind]} ${name} already: rotate or remove it`);
  const { secret, hash } = await make(kind, name);
  return { users: changed(users, kind, name, { hashes: [hash], groups }), secret };
}

/**
 * Makes a new password or key.
 *
 * @param keepOld whether the old one stays valid until the next rotation
 * @throws {Error} when there is no such account
 */
export async function rotate(users: Users, kind: Kind, name: string, keepOld: boolean): Promise<Made> {
  const { hashes, groups } = existing(users, kind, name);
  const { secret, hash } = await make(kind, name);
  return { users: changed(users, kind, name, { hashes: keepOld ? [hash, hashes[0]] : [hash], groups }), secret };
}

/** @throws {Error} when there is no such account */
export function remove(users: Users, kind: Kind, name: string): Users {
  existing(users, kind, name);
  return changed(users, kind, name, null);
}

/** One line per account: its kind, its name, its groups. */
export const list = (users: Users): string[] =>
  (['users', 'keys'] as const).flatMap((kind) =>
    [...users[kind]].map(([name, { groups, hashes }]) =>
      [words[kind], name, groups.join(','), hashes.length > 1 ? 'the old one still works' : ''].join('\t').trimEnd(),
    ),
  );

function existing(users: Users, kind: Kind, name: string): Account {
  const account = users[kind].get(name);
  if (account === undefined) throw new Error(`There is no ${words[kind]} ${name}`);
  return account;
}

function changed(users: Users, kind: Kind, name: string, account: Account | null): Users {
  const accounts = new Map(users[kind]);
  if (account === null) accounts.delete(name);
  else accounts.set(name, account);
  return { ...users, [kind]: accounts };
}

/** A password of 192 random bits, or a key with a secret of 256, and its hash. */
async function make(kind: Kind, name: string): Promise<{ secret: string; hash: string }> {
  if (kind === 'users') {
    const secret = randomBytes(24).toString('base64url');
    return { secret, hash: await hashPassword(secret) };
  }
  const secret = `${name}.${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashKey(secret) };
}
