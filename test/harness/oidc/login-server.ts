import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { listenOnLoopback } from '../http/loopback.ts';

/** An OpenID provider on the loopback address with one public client, which signs everyone in as alice. */
export interface LoginServer extends AsyncDisposable {
  issuer: string;
  /** The bodies of the token requests so far. */
  requests: URLSearchParams[];
  /** An error with which the login page answers instead. */
  refusal: string | null;
  /** Replaces the requested nonce in tokens. */
  nonce: string | null;
  /** The lifetime of access tokens that it states, in seconds. */
  lifeS: number;
  /** The only valid one. */
  lastRefreshToken: string;
}

/** The client, and the audience of the tokens. */
export const CLIENT_ID = 'kafka-console';
export const TOKEN_AUDIENCE = 'kafka';

/** @param redirectOrigin where browsers are redirected back to, and whose scripts may request tokens */
export async function startLoginServer(redirectOrigin: () => string): Promise<LoginServer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] };
  /** The request for which each code was issued. */
  const codes = new Map<string, URLSearchParams>();

  const sign = (claims: Record<string, unknown>) =>
    new SignJWT({ iss: login.issuer, sub: 'alice', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', login.issuer);
    response.setHeader('access-control-allow-origin', redirectOrigin());
    if (pathname === '/.well-known/openid-configuration') {
      const { issuer } = login;
      const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` };
      return response.end(JSON.stringify({ issuer, ...endpoints }));
    }
    if (pathname === '/jwks') return response.end(JSON.stringify(jwks));
    if (pathname === '/authorize') return authorize(searchParams, response);
    return giveTokens(request, response);
  });

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri') ?? '');
    if (back.origin !== redirectOrigin() || asked.get('client_id') !== CLIENT_ID) return void response.writeHead(400).end();
    const code = randomUUID();
    codes.set(code, asked);
    const answer = login.refusal === null ? { code } : { error: 'access_denied', error_description: login.refusal };
    for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
    back.searchParams.set('state', asked.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  }

  async function giveTokens(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new URLSearchParams((await request.toArray()).join(''));
    login.requests.push(body);
    const asked = body.get('grant_type') === 'refresh_token' ? askedAgain(body) : askedByCode(body);
    if (asked === null) return void response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant' }));
    const refresh = randomUUID();
    login.lastRefreshToken = refresh;
    const tokens = {
      access_token: await sign({ aud: TOKEN_AUDIENCE }),
      id_token: await sign({ aud: CLIENT_ID, nonce: login.nonce ?? asked.get('nonce') }),
      refresh_token: refresh,
      expires_in: login.lifeS,
    };
    response.end(JSON.stringify(tokens));
  }

  /** Each refresh token is valid once. */
  const askedAgain = (body: URLSearchParams): URLSearchParams | null =>
    body.get('refresh_token') === login.lastRefreshToken ? new URLSearchParams() : null;

  /** A code is valid once, with the verifier of its challenge. */
  function askedByCode(body: URLSearchParams): URLSearchParams | null {
    const code = body.get('code') ?? '';
    const asked = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const isMeant = asked?.get('code_challenge') === challenge && asked.get('redirect_uri') === body.get('redirect_uri');
    return asked !== undefined && isMeant && body.get('client_id') === CLIENT_ID ? asked : null;
  }

  const origin = await listenOnLoopback(server);
  const login: LoginServer = {
    issuer: origin,
    requests: [],
    refusal: null,
    nonce: null,
    lifeS: 3600,
    lastRefreshToken: randomUUID(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return login;
}
