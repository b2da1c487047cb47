import type { CredentialSource } from '../../../credentials/credential-source.ts';
import { type Lease, Renewed } from '../../../credentials/renewed.ts';
import type { GatewayError } from '../../../errors.ts';
import { jsonMembers } from '../../../json/json-members.ts';
import { tokenRefused, tokenUnavailable } from '../../../messages/kafka.ts';
import type { BearerToken } from './oauthbearer.ts';

/** An OAuth 2.0 client, as which the gateway gets its tokens. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

/** Where to ask for tokens, and for which ones. */
export interface TokenEndpoint {
  url: string;
  scope: string | null;
  audience: string | null;
}

/** How long to wait for the endpoint, in all. */
const FETCH_MS = 5000;
/** Without spaces and control characters: one of these would end the token in SASL's message. */
const TOKEN = /^[\x21-\x7e]+$/;
/** The most of an answer: tokens have kilobytes. */
const MOST_BYTES = 1024 * 1024;
/** A token is renewed this long before its end; one that lives less than twice this, at half of its life. */
const RENEW_BEFORE_MS = 60_000;
/** A token is no longer used this long before its end: the broker would end the session too soon. */
const LEAST_MS = 15_000;
/** The assumed life of a token whose answer does not tell. */
const DEFAULT_LIFE_S = 300;

/** Tokens by the client credentials grant (RFC 6749, section 4.4), cached and renewed early. */
export const tokensFrom = (endpoint: TokenEndpoint, clients: CredentialSource<OAuthClient>): CredentialSource<BearerToken> =>
  new Renewed(`the token endpoint of ${new URL(endpoint.url).host}`, () => fetchToken(endpoint, clients, true));

/** @throws {GatewayError} KafkaAuthentication when the client is refused, CredentialsUnavailable when there is no token for another reason */
async function fetchToken(endpoint: TokenEndpoint, clients: CredentialSource<OAuthClient>, mayRenew: boolean): Promise<Lease<BearerToken>> {
  const client = await clients.current();
  const askedAt = Date.now();
  const { status, answer } = await ask(endpoint, client);
  if (status === 200) return readToken(answer, askedAt);
  if (status < 400 || status >= 500 || status === 408 || status === 429) throw unavailable(`the token endpoint answered ${status}`);
  if (mayRenew && (await clients.renew(client))) return fetchToken(endpoint, clients, false);
  throw tokenRefused.with({
    cause: new Error(`the token endpoint answered ${status}${errorCode(answer)}`),
  });
}

async function ask({ url, scope, audience }: TokenEndpoint, { clientId, clientSecret }: OAuthClient) {
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== null) body.set('scope', scope);
  if (audience !== null) body.set('audience', audience);
  const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
      body,
      // The secret is for this endpoint only.
      redirect: 'manual',
      signal: AbortSignal.timeout(FETCH_MS),
    });
    return { status: response.status, answer: await textOf(response) };
  } catch (cause) {
    throw unavailable('the token endpoint did not answer as it should', cause);
  }
}

/** @throws {Error} when it is longer than any token */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error(`its answer is larger than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Form encoding, which RFC 6749, section 2.3.1 requires for both parts of the header. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

function readToken(answer: string, askedAt: number): Lease<BearerToken> {
  const parsed = jsonMembers(answer) ?? {};
  const value = parsed.access_token;
  if (typeof value !== 'string' || !TOKEN.test(value)) throw unavailable('the token endpoint answered without an access_token');
  const seconds = Number(parsed.expires_in ?? DEFAULT_LIFE_S);
  const life = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : DEFAULT_LIFE_S * 1000;
  const endsAt = askedAt + life;
  return {
    credentials: { value },
    renewAt: endsAt - Math.min(RENEW_BEFORE_MS, life / 2),
    endsAt: endsAt - Math.min(LEAST_MS, life / 4),
  };
}

/** The error code of RFC 6749, section 5.2, and nothing else of the answer. */
function errorCode(answer: string): string {
  const { error } = jsonMembers(answer) ?? {};
  return typeof error === 'string' && /^[\w.-]{1,60}$/.test(error) ? ` (${error})` : '';
}

const unavailable = (why: string, cause?: unknown): GatewayError =>
  tokenUnavailable.with({
    cause: new Error(why, cause === undefined ? undefined : { cause }),
  });
