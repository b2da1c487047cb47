import type { OidcSettings } from '../page-settings.ts';
import type { Renewable } from './session.ts';

/** Login at the token issuer: OpenID Connect 1.0, by a code with PKCE (RFC 7636). Tokens stay in memory. */

/** What must survive the redirects to the issuer and back. It is useless without the code that comes back. */
interface Pending {
  state: string;
  nonce: string;
  verifier: string;
  /** The view that was open. */
  hash: string;
}

const PENDING = 'kafka-console-login';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const isPending = (value: unknown): value is Pending => isObject(value) && typeof value.verifier === 'string';

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

const redirectUri = (): string => `${location.origin}${location.pathname}`;

/** Redirects to the issuer, which redirects back to this page. */
export async function leaveForIssuer(settings: OidcSettings): Promise<void> {
  const endpoint = await endpointOf(settings, 'authorization_endpoint');
  const pending: Pending = { state: random(), nonce: random(), verifier: random(), hash: location.hash };
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))));
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const query = {
    response_type: 'code',
    client_id: settings.clientId,
    redirect_uri: redirectUri(),
    scope: settings.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(settings.audience !== null && { audience: settings.audience }),
  };
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Whether the issuer has redirected the browser here. */
export const comesFromIssuer = (): boolean => /[?&]state=/.test(location.search);

/**
 * Removes the issuer's response from the address, and exchanges it for tokens.
 *
 * @throws {Error} saying why nobody is signed in
 */
export async function comeBack(settings: OidcSettings): Promise<Renewable> {
  const answer = new URLSearchParams(location.search);
  const kept: unknown = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', `${location.pathname}${isPending(kept) ? kept.hash : ''}`);
  dispatchEvent(new PopStateEvent('popstate'));
  if (!isPending(kept) || answer.get('state') !== kept.state) throw new Error('This login was not begun here: sign in again');
  // RFC 9207: refuse a response of another issuer.
  if ((answer.get('iss') ?? settings.issuer) !== settings.issuer) throw new Error('Another issuer has answered: sign in again');
  const code = answer.get('code');
  if (code === null) throw new Error(`The issuer says: ${answer.get('error_description') ?? answer.get('error') ?? 'nothing'}`);
  const tokens = await askForTokens(settings, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri(),
    code_verifier: kept.verifier,
  });
  checkIdToken(settings, tokens.id_token, kept.nonce);
  return renewable(settings, tokens, null);
}

async function endpointOf({ issuer }: OidcSettings, name: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { credentials: 'omit' });
  const found: unknown = await response.json();
  const endpoint = isObject(found) && found.issuer === issuer ? found[name] : null;
  if (typeof endpoint !== 'string' || !/^https?:/.test(endpoint)) throw new Error(`The issuer ${issuer} names no ${name}`);
  return endpoint;
}

async function askForTokens(settings: OidcSettings, parameters: Readonly<Record<string, string>>): Promise<Json> {
  const response = await fetch(await endpointOf(settings, 'token_endpoint'), {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({ client_id: settings.clientId, ...parameters }),
  });
  const answer: unknown = await response.json();
  if (response.ok && isObject(answer)) return answer;
  const said = isObject(answer) ? (answer.error_description ?? answer.error) : null;
  throw new Error(`The issuer gives no token: ${said ?? response.status}`);
}

/** The token came directly from the issuer, so only issuer, audience and nonce need checks (OpenID Connect Core, 3.1.3.7). */
function checkIdToken({ issuer, clientId }: OidcSettings, token: unknown, nonce: string): void {
  const [, payload = ''] = typeof token === 'string' ? token.split('.') : [];
  const claims: unknown = payload === '' ? null : JSON.parse(new TextDecoder().decode(bytesOf(payload)));
  const isMeant = isObject(claims) && claims.iss === issuer && claims.nonce === nonce && [claims.aud].flat().includes(clientId);
  if (!isMeant) throw new Error('The token of the issuer is not of this login: sign in again');
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

/** @param lastRefresh the refresh token that stays valid if the response has none */
function renewable(settings: OidcSettings, tokens: Json, lastRefresh: string | null): Renewable {
  const { access_token: token, expires_in: seconds, refresh_token: next } = tokens;
  if (typeof token !== 'string') throw new Error('The issuer gives no access token');
  const refresh = typeof next === 'string' ? next : lastRefresh;
  return {
    headers: { authorization: `Bearer ${token}` },
    until: Date.now() + (typeof seconds === 'number' ? seconds : 3600) * 1000,
    renew:
      refresh === null
        ? null
        : async () => renewable(settings, await askForTokens(settings, { grant_type: 'refresh_token', refresh_token: refresh }), refresh),
  };
}
