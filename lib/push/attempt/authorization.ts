import { expires } from '../../deadline.ts';
import { jsonMembers } from '../../json/json-members.ts';
import type { Answer, Post } from './post.ts';
import type { TargetSecrets, TokenClient } from './target-secrets.ts';

/** How the gateway authenticates to an endpoint. */
export interface Authorization {
  /**
   * The headers of a delivery.
   *
   * @param timeoutMs how long a token may take; one that comes later is for the next delivery
   * @throws {Error} when the gateway cannot get them in time
   */
  headers(timeoutMs: number): Promise<Record<string, string>>;
  /**
   * After a 401 to a delivery with these headers: true when one retry with others may help, as another token, or what is in the secret by
   * now.
   *
   * @param timeoutMs how long the secret may take
   */
  refused(headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<boolean>;
}

const TOKEN_MS = 10_000;
/** A token is replaced this long before it expires. */
const MARGIN_MS = 60_000;
/** Statuses by which a token endpoint refuses a client (RFC 6749, section 5.2). */
const CLIENT_REFUSED = [400, 401];
/** The lifetime of a token whose response does not state one. */
const DEFAULT_LIFE_S = 300;

/** @param post also restricts where the token endpoint may be, as for targets */
export function authorizationOf(secrets: TargetSecrets, post: Post, now: () => number): Authorization {
  let token: { text: string; endsAt: number } | null = null;
  let asking: Promise<string> | null = null;
  const fetchToken = async (client: TokenClient): Promise<string> => {
    let answer = await askForToken(client, post);
    if (CLIENT_REFUSED.includes(answer.status) && (await secrets.renew(client))) {
      answer = await askForToken((await secrets.tokenClient()) ?? client, post);
    }
    const { text, life } = tokenIn(answer);
    token = { text, endsAt: now() + life - Math.min(MARGIN_MS, life / 2) };
    return text;
  };
  return {
    async headers(timeoutMs) {
      const authorization = await secrets.authorization();
      if (authorization !== null) return { authorization };
      const client = await secrets.tokenClient();
      if (client === null) return {};
      if (token !== null && now() < token.endsAt) return { authorization: `Bearer ${token.text}` };
      asking ??= fetchToken(client).finally(() => {
        asking = null;
      });
      const asked = asking;
      if (await expires(asked, Date.now() + timeoutMs)) throw new Error('the token endpoint has not answered in time');
      return { authorization: `Bearer ${await asked}` };
    },
    async refused({ authorization }, timeoutMs) {
      if (authorization === undefined) return false;
      if (token === null) {
        const renewing = secrets.renew(authorization);
        return !(await expires(renewing, Date.now() + timeoutMs)) && renewing;
      }
      // Only if no other delivery has fetched a new token meanwhile.
      if (authorization === `Bearer ${token.text}`) token.endsAt = 0;
      return true;
    },
  };
}

/** The grant "client credentials" (RFC 6749, section 4.4). */
function askForToken({ tokenUrl, clientId, clientSecret, scope, audience }: TokenClient, post: Post): Promise<Answer> {
  const url = URL.parse(tokenUrl);
  if (url === null) throw new Error('the token_url of the secret is not a URL');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== null) form.set('scope', scope);
  if (audience !== null) form.set('audience', audience);
  const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return post(url, headers, Buffer.from(String(form)), TOKEN_MS, 'body');
}

function tokenIn({ status, text }: Answer): { text: string; life: number } {
  if (status < 200 || status >= 300) throw new Error(`the token endpoint answered ${status}`);
  const { access_token: held, expires_in: seconds } = jsonMembers(text) ?? {};
  if (typeof held !== 'string' || !/^[\x21-\x7e]+$/.test(held)) throw new Error('the token endpoint answered without an access_token');
  const life = Number(seconds ?? DEFAULT_LIFE_S);
  return { text: held, life: (Number.isFinite(life) && life > 0 ? life : DEFAULT_LIFE_S) * 1000 };
}

/** RFC 6749, section 2.3.1: the client's id and secret are form-encoded before they go into the header. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
