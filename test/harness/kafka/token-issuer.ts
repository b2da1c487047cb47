import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { listenOnLoopback } from '../http/loopback.ts';

/** What a token says, where it is not as the broker wants it. */
export interface Claims {
  subject?: string;
  audience?: string;
  issuer?: string;
  /** Seconds from now; may be past. */
  lifeS?: number;
  /** By another key than that in the JWKS, under its id. */
  forged?: boolean;
  /** Without the id of its key. */
  keyless?: boolean;
  /** What else it says; undefined takes a claim away. */
  claims?: Record<string, unknown>;
}

/** An OAuth 2.0 server: its keys at `/jwks.json`, where `/.well-known/openid-configuration` says they are, tokens for the grant "client credentials" at `/token`. */
export interface TokenIssuer extends AsyncDisposable {
  /** Its name for those who look it up; tokens have {@link ISSUER} unless told otherwise. */
  url: string;
  jwksUrl: string;
  tokenUrl: string;
  /** A signed token. */
  token(claims?: Claims): Promise<string>;
  /** Signs with a new key from now on, the only one in the JWKS, or the last one. */
  rotate(keep?: 'keep the others'): Promise<void>;
  /** How often its keys were asked for. */
  keyRequests: number;
  /** Seconds that the tokens of the endpoint live. */
  lifeS: number;
  /** Bodies of the requests for tokens so far. */
  requests: URLSearchParams[];
  /** Answers the next requests for tokens in the place of the issuer; null to stop that. */
  fault: ((response: ServerResponse) => void) | null;
  stop(): Promise<void>;
}

/** What the broker checks of tokens. */
export const AUDIENCE = 'kafka-gateway';
export const ISSUER = 'https://issuer.test';
/** The one client that gets tokens, with characters that a header may not hold as they are. */
export const client = { id: 'gateway:1', secret: 'a secret/+ü' };

const basic = `Basic ${Buffer.from('gateway%3A1:a+secret%2F%2B%C3%BC').toString('base64')}`;

/** Starts an issuer on the loopback address. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const otherKey = await newKey();
  let key = await newKey();
  let keys = [key.jwk];

  const server = createServer(async (request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      return response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: issuer.jwksUrl }));
    }
    if (request.url === '/jwks.json') {
      issuer.keyRequests++;
      return response.end(JSON.stringify({ keys }));
    }
    const body = new URLSearchParams((await request.toArray()).join(''));
    issuer.requests.push(body);
    if (issuer.fault !== null) return issuer.fault(response);
    const granted = request.headers.authorization === basic && body.get('grant_type') === 'client_credentials';
    response.statusCode = granted ? 200 : 401;
    const answer = granted
      ? { access_token: await issuer.token({ lifeS: issuer.lifeS }), expires_in: issuer.lifeS, token_type: 'Bearer' }
      : { error: 'invalid_client', error_description: `not ${request.headers.authorization}` };
    response.end(JSON.stringify(answer));
  });
  const url = await listenOnLoopback(server);

  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const issuer: TokenIssuer = {
    url,
    keyRequests: 0,
    async rotate(keep) {
      key = await newKey();
      keys = [...(keep === undefined ? [] : keys), key.jwk];
    },
    jwksUrl: `${url}/jwks.json`,
    tokenUrl: `${url}/token`,
    lifeS: 3600,
    requests: [],
    fault: null,
    token: ({
      subject = 'alice',
      audience = AUDIENCE,
      issuer: from = ISSUER,
      lifeS = 3600,
      forged = false,
      keyless = false,
      claims = {},
    } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const times = { iat: Math.min(now, now + lifeS - 60), exp: now + lifeS };
      return new SignJWT(Object.assign({ scope: 'kafka', sub: subject, aud: audience, iss: from, ...times }, claims))
        .setProtectedHeader({ alg: 'RS256', ...(!keyless && { kid: key.jwk.kid }) })
        .sign(forged ? otherKey.privateKey : key.privateKey);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
  return issuer;
}

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' } };
}
