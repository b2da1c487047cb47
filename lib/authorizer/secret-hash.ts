import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * Costs of scrypt: N = 2^15 and a block size of 8 take 32 MiB. `npm run users` generates random passwords, so the hash is not their only
 * protection against guessing.
 */
const COSTS = { log2: 15, blockSize: 8, parallel: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;

interface ScryptHash {
  costs: typeof COSTS;
  salt: Buffer;
  hash: Buffer;
}

const SCRYPT = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,88})\$([\w-]{43})$/;
const SHA256 = /^sha256\$([\w-]{43})$/;

/** Whether a text is a hash that {@link hashPassword} makes. */
export const isPasswordHash = (text: unknown): text is string => typeof text === 'string' && readScrypt(text) !== null;

/** Whether a text is a hash that {@link hashKey} makes. */
export const isKeyHash = (text: unknown): text is string => typeof text === 'string' && SHA256.test(text);

/** `scrypt$<log2 of the cost>$<block size>$<parallelism>$<salt>$<hash>`, in base64url, with a random salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { costs: COSTS, salt, hash: Buffer.alloc(HASH_BYTES) });
  return ['scrypt', COSTS.log2, COSTS.blockSize, COSTS.parallel, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** `sha256$<hash>`: a key is 32 random bytes, so no slow hash has to protect it from guessing. */
export const hashKey = (key: string): string => `sha256$${digest(key).toString('base64url')}`;

/** A hash that no password matches; checking it takes as long as any other. */
const NO_PASSWORD: ScryptHash = { costs: COSTS, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };

/** The hash that a password matches; null for none. Takes equally long with no, one or two hashes. */
export async function matchingPassword(password: string, hashes: readonly string[]): Promise<string | null> {
  const candidates = [hashes[0], hashes[1]].map((text) => (text === undefined ? null : readScrypt(text)) ?? NO_PASSWORD);
  const matches = await Promise.all(candidates.map(async (one) => timingSafeEqual(await derive(password, one), one.hash)));
  return hashes.find((_, index) => matches[index]) ?? null;
}

/** The hash that a key matches; null for none. */
export function matchingKey(key: string, hashes: readonly string[]): string | null {
  const hash = digest(key);
  return hashes.find((text) => timingSafeEqual(hash, Buffer.from(SHA256.exec(text)?.[1] ?? '', 'base64url'))) ?? null;
}

function readScrypt(text: string): ScryptHash | null {
  const [, log2, blockSize, parallel, salt, hash] = SCRYPT.exec(text) ?? [];
  const costs = { log2: Number(log2), blockSize: Number(blockSize), parallel: Number(parallel) };
  // Higher costs would exhaust the function's memory.
  const isFeasible = costs.log2 >= 10 && costs.log2 <= 17 && costs.blockSize >= 1 && costs.blockSize <= 16 && costs.parallel >= 1;
  return isFeasible ? { costs, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') } : null;
}

function derive(password: string, { costs: { log2, blockSize, parallel }, salt, hash }: ScryptHash): Promise<Buffer> {
  const options = { N: 2 ** log2, r: blockSize, p: parallel, maxmem: 256 * 2 ** log2 * blockSize };
  return new Promise((resolve, reject) => {
    // Normalised: clients may compose letters and accents differently.
    scrypt(password.normalize('NFC'), salt, hash.length, options, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  });
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
