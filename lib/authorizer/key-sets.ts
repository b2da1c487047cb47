import { createRemoteJWKSet, type RemoteJWKSet } from 'jose';
import { isTrusted } from '../config/trusted-url.ts';

/** How long to wait for an issuer, in total. */
const FETCH_MS = 3000;
/** For how long a key that an issuer has withdrawn may still be accepted. */
const KEYS_LIFETIME_MS = 10 * 60 * 1000;

/** How soon after a fetch a token with an unknown key may trigger the next one. */
export const COOLDOWN_MS = 30_000;

/** The keys of an issuer, cached. */
export type KeySet = () => Promise<RemoteJWKSet>;

/** The key set at a URL; without one, at the URL in the issuer's OpenID configuration, which is fetched once. */
export function keySetOf(issuer: string, url: string | null): KeySet {
  let keys: Promise<RemoteJWKSet> | null = null;
  return () => {
    keys ??= locate(issuer, url).catch((error: unknown) => {
      keys = null;
      throw error;
    });
    return keys;
  };
}

async function locate(issuer: string, url: string | null): Promise<RemoteJWKSet> {
  return createRemoteJWKSet(new URL(url ?? (await discover(issuer))), {
    timeoutDuration: FETCH_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: KEYS_LIFETIME_MS,
  });
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS) });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  const found: unknown = await response.json();
  const metadata = typeof found === 'object' && found !== null ? found : {};
  const keys: unknown = Reflect.get(metadata, 'jwks_uri');
  if (Reflect.get(metadata, 'issuer') !== issuer) throw new Error(`${url} is of another issuer`);
  if (typeof keys !== 'string' || !isTrusted(keys)) throw new Error(`${url} has no jwks_uri with https`);
  return keys;
}
