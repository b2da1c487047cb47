import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { authorizer } from '../../../lib/authorizer/authorizer.ts';
import { authorizerEvent } from '../../harness/events/authorizer-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { post } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { AUDIENCE, ISSUER, startTokenIssuer, type TokenIssuer } from '../../harness/kafka/token-issuer.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { keepSecret } from '../../harness/leaks/kept.ts';

configure(sharedKafka(), { GATEWAY_AUTH: 'jwt' });

let issuer: TokenIssuer;
let topic: string;
let judge: ReturnType<typeof authorizer>;

before(async () => {
  [issuer, topic] = [await startTokenIssuer(), await createTopic()];
  judge = authorizer({
    GATEWAY_AUTH: 'jwt',
    GATEWAY_JWT_ISSUER: ISSUER,
    GATEWAY_JWT_JWKS_URL: issuer.jwksUrl,
    GATEWAY_JWT_AUDIENCE: AUDIENCE,
    GATEWAY_GRANTS: JSON.stringify([{ principal: 'alice', operations: ['produce', 'read'], topics: [topic] }]),
  });
});
after(() => issuer?.stop());

/** What API Gateway does: it asks the authorizer, and hands on what that says; it answers by itself who is not let in. */
async function produceWith(authorization: string): Promise<number> {
  keepSecret([authorization.replace(/^\S+ +/, '')].filter((token) => token.length > 5));
  const verdict = await judge(authorizerEvent({ headers: { authorization } }));
  if (!verdict.isAuthorized) return 403;
  const { status } = await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }] }, { authorizer: { lambda: verdict.context } });
  return status;
}

const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({ sub: 'alice', aud: AUDIENCE, iss: ISSUER, exp: now() + 3600 });
const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const [header, , signature] = [0, 1, 2];

/** A good token with parts of it replaced. */
async function changed(part: number, text: string): Promise<string> {
  const parts = (await issuer.token()).split('.');
  parts[part] = text;
  return parts.join('.');
}

test('a token that is right lets its caller write what is granted', async () => {
  assert.equal(await produceWith(`Bearer ${await issuer.token()}`), 200);
});

suite('nothing is written for a token', () => {
  for (const [what, token] of Object.entries<() => Promise<string> | string>({
    'with the algorithm none': () => new UnsecuredJWT(claims()).encode(),
    'with the algorithm None and a signature': () => changed(header, encoded({ alg: 'None' })),
    'that is signed with the public key as a shared secret': async () => {
      const keys = await (await fetch(issuer.jwksUrl)).text();
      return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(keys));
    },
    'that brings a key of its own': () => changed(header, encoded({ alg: 'RS256', jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } })),
    'that says where its key is': () => changed(header, encoded({ alg: 'RS256', jku: 'http://127.0.0.1:9/', kid: '../../jwks' })),
    'with critical extensions that nobody knows': () => changed(header, encoded({ alg: 'RS256', crit: ['b64'], b64: false })),
    'of another key': () => issuer.token({ forged: true }),
    'without its signature': () => changed(signature, ''),
    'for another audience': () => issuer.token({ audience: 'other' }),
    'that has expired': () => issuer.token({ lifeS: -31 }),
    'that is not valid yet': () => issuer.token({ claims: { nbf: now() + 300 } }),
    'of somebody without a grant': () => issuer.token({ subject: 'mallory' }),
    'of somebody whose name is a pattern': () => issuer.token({ subject: '*' }),
    'of somebody whose name nearly is one with a grant': () => issuer.token({ subject: 'alice\0' }),
    'whose subject is no text': () => issuer.token({ claims: { sub: { toString: 'alice' } } }),
    'that names nobody, but has a constructor who does': () => issuer.token({ claims: { sub: undefined, constructor: { sub: 'alice' } } }),
  })) {
    test(what, async () => {
      assert.equal(await produceWith(`Bearer ${await token()}`), 403);
    });
  }
});

test('what only API Gateway may say is not believed of a header', async () => {
  const headers = { 'x-principal': 'alice', 'x-amzn-principal': 'alice', principalid: 'alice', 'sls-offline-authorizer-override': '{}' };

  assert.equal((await call('GET', `/topics/${topic}`, { headers })).status, 401);
});
