import { isObject } from '../json/json-members.ts';
import { isKeyHash, isPasswordHash } from './secret-hash.ts';

/** A user or an API key. */
export interface Account {
  /** Hashes of its password or key: the current one, then the previous one while it is still valid. */
  readonly hashes: readonly string[];
  readonly groups: readonly string[];
}

/** Everyone whom the gateway itself knows, by name. */
export interface Users {
  readonly users: ReadonlyMap<string, Account>;
  readonly keys: ReadonlyMap<string, Account>;
}

/** Legal names of users and keys. */
export const ACCOUNT_NAME = /^[\w.@+-]{1,128}$/;

/**
 * Reads `{"users": {"alice": {"hashes": ["scrypt$…"], "groups": ["orders"]}}, "keys": {"sensor-1": {"hashes": ["sha256$…"]}}}`.
 *
 * @throws {Error} with the name of the malformed account, and nothing of its content; for an object of something else
 */
export function readUsers({ users, keys, ...others }: Readonly<Record<string, unknown>>): Users {
  // Another secret in the place of this one would lock everybody out, and nothing would tell why.
  if (users === undefined && keys === undefined && Object.keys(others).length > 0) throw new Error('it has neither "users" nor "keys"');
  return { users: readAccounts(users, 'users', isPasswordHash), keys: readAccounts(keys, 'keys', isKeyHash) };
}

/** The object that {@link readUsers} reads. */
export const writeUsers = ({ users, keys }: Users): object => ({ users: Object.fromEntries(users), keys: Object.fromEntries(keys) });

function readAccounts(json: unknown, place: string, isHash: (text: unknown) => text is string): Map<string, Account> {
  if (json === undefined) return new Map();
  if (!isObject(json)) throw new Error(`"${place}" must be an object`);
  // A Map, because an account may have the name __proto__.
  return new Map(Object.entries(json).map(([name, account]) => [name, readAccount(name, account, place, isHash)]));
}

function readAccount(name: string, account: unknown, place: string, isHash: (text: unknown) => text is string): Account {
  if (!ACCOUNT_NAME.test(name)) throw new Error(`"${place}" must have names of 1 to 128 letters, digits and . _ - + @`);
  const { hashes, groups = [] } = isObject(account) ? account : {};
  const wellFormed = Array.isArray(hashes) && hashes.length >= 1 && hashes.length <= 2 && hashes.every(isHash);
  if (!wellFormed) throw new Error(`"${place}" has no hashes that "${name}" could be recognised by`);
  if (!isTexts(groups)) throw new Error(`"${place}": the groups of "${name}" must be an array of names`);
  return { hashes, groups };
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((text) => typeof text === 'string');
