import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { listenOnLoopback } from '../http/loopback.ts';

/** Contents of a token that differ from what the broker requires. */
export interface Claims {
  subject?: string;
  audience?: string;
  issuer?: string;
  /** Lifetime in seconds from now; may be negative. */
  lifeS?: number;
  /** Signed by another key than the one in the JWKS, under its id. */
  forged?: boolean;
  /** Without the id of its key. */
  keyless?: boolean;
  /** Further claims; undefined removes a claim. */
  claims?: Record<string, unknown>;
}

/** An OAuth 2.0 server: keys at `/jwks.json`, as `/.well-known/openid-configuration` says; tokens for client credentials at `/token`. */
export interface TokenIssuer extends AsyncDisposable {
  /** Its issuer URL for discovery; tokens have {@link ISSUER} by default. */
  url: string;
  jwksUrl: string;
  tokenUrl: string;
  /** A signed token. */
  token(claims?: Claims): Promise<string>;
  /** Signs with a new key from now on: the only one in the JWKS, or, if the others are kept, the last one. */
  rotate(keep?: 'keep the others'): Promise<void>;
  /** How often the keys were requested. */
  keyRequests: number;
  /** The lifetime in seconds of the endpoint's tokens. */
  lifeS: number;
  /** The bodies of the token requests so far. */
  requests: URLSearchParams[];
  /** Answers the next token requests instead of the issuer; null to stop that. */
  fault: ((response: ServerResponse) => void) | null;
  stop(): Promise<void>;
}

/** What the broker checks in tokens. */
export const AUDIENCE = 'kafka-gateway';
export const ISSUER = 'https://issuer.test';
/** The only client that gets tokens; its id and secret have characters that a header must not contain unescaped. */
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
