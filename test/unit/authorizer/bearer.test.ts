import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { bearer, MAX_KEYS_TRIED, type TokenRules } from '../../../lib/authorizer/bearer.ts';
import { COOLDOWN_MS, keySetOf } from '../../../lib/authorizer/key-sets.ts';
import { presented } from '../../harness/events/presented.ts';
import { AUDIENCE, ISSUER, startTokenIssuer, type TokenIssuer } from '../../harness/kafka/token-issuer.ts';

let issuer: TokenIssuer;
before(async () => {
  issuer = await startTokenIssuer();
});
after(() => issuer?.stop());

const rules = (changes: Partial<TokenRules> = {}): TokenRules => ({
  issuers: new Map([[ISSUER, keySetOf(ISSUER, issuer.jwksUrl)]]),
  audiences: ['another', AUDIENCE],
  algorithms: ['RS256', 'ES256'],
  principalClaim: 'sub',
  groupsClaim: 'groups',
  ...changes,
});
const judge = (token: string, changes?: Partial<TokenRules>) => bearer(rules(changes))(presented({ authorization: `Bearer ${token}` }));
const now = () => Math.floor(Date.now() / 1000);

suite('a token is believed', () => {
  test('and says who the caller is, with groups, scopes and claims', async () => {
    const token = await issuer.token({ claims: { groups: ['a', 'b'], scope: 'read write', scp: ['admin'], tenant: 'acme' } });

    const verdict = await judge(token);

    assert.ok(verdict !== null && 'principal' in verdict);
    const { claims, expiresAt, ...identity } = verdict;
    assert.deepEqual(identity, { principal: 'alice', groups: ['a', 'b'], scopes: ['read', 'write', 'admin'] });
    assert.equal(claims.tenant, 'acme');
    assert.equal(expiresAt, (Number(claims.exp) + 30) * 1000);
  });

  test('with its principal and groups in other claims, nested ones too', async () => {
    const token = await issuer.token({ claims: { azp: 'client-1', realm_access: { roles: ['x'] } } });

    const verdict = await judge(token, { principalClaim: 'azp', groupsClaim: 'realm_access.roles' });

    assert.ok(verdict !== null && 'principal' in verdict);
    assert.deepEqual([verdict.principal, verdict.groups], ['client-1', ['x']]);
  });

  test('when it is for several, or names its client in the place of an audience', async () => {
    for (const claims of [{ aud: ['x', AUDIENCE] }, { aud: undefined, client_id: AUDIENCE }]) {
      const verdict = await judge(await issuer.token({ claims }));
      assert.ok(verdict !== null && 'principal' in verdict, JSON.stringify(verdict));
    }
  });

  test('when its issuer says itself where the keys are', async () => {
    const token = await issuer.token({ issuer: issuer.url });

    const verdict = await judge(token, { issuers: new Map([[issuer.url, keySetOf(issuer.url, null)]]) });

    assert.ok(verdict !== null && 'principal' in verdict);
  });
});

suite('a token is refused', () => {
  const refused = (name: string, token: () => Promise<string> | string, reason: string, changes?: Partial<TokenRules>) =>
    test(name, async () => {
      assert.deepEqual(await judge(await token(), changes), { refused: reason });
    });
  const claims = () => ({ sub: 'alice', aud: AUDIENCE, iss: ISSUER, exp: now() + 3600 });

  refused('that is signed by nobody', () => new UnsecuredJWT(claims()).encode(), 'token: ERR_JOSE_ALG_NOT_ALLOWED');
  refused(
    'that is signed with the public key as a shared secret',
    () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 'public key')),
    'token: ERR_JOSE_ALG_NOT_ALLOWED',
  );
  refused('that is signed by another key', () => issuer.token({ forged: true }), 'token: ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  refused('whose algorithm is not taken', () => issuer.token(), 'token: ERR_JOSE_ALG_NOT_ALLOWED', { algorithms: ['ES256'] });
  refused('for another audience', () => issuer.token({ audience: 'other' }), 'token: another audience');
  refused('for no audience', () => issuer.token({ claims: { aud: undefined } }), 'token: another audience');
  refused(
    'whose audience is another one, though its client is right',
    () => issuer.token({ audience: 'other', claims: { client_id: AUDIENCE } }),
    'token: another audience',
  );
  refused('of another issuer', () => issuer.token({ issuer: 'https://other.test' }), 'token: ERR_JWT_CLAIM_VALIDATION_FAILED');
  refused('of an issuer called __proto__', () => issuer.token({ issuer: '__proto__' }), 'token: ERR_JWT_CLAIM_VALIDATION_FAILED');
  refused('of no issuer', () => issuer.token({ claims: { iss: undefined } }), 'token: ERR_JWT_CLAIM_VALIDATION_FAILED');
  refused('that has ended', () => issuer.token({ lifeS: -31 }), 'token: ERR_JWT_EXPIRED');
  refused('that never ends', () => issuer.token({ claims: { exp: undefined } }), 'token: ERR_JWT_CLAIM_VALIDATION_FAILED');
  refused('that is not valid yet', () => issuer.token({ claims: { nbf: now() + 300 } }), 'token: ERR_JWT_CLAIM_VALIDATION_FAILED');
  refused('without a principal', () => issuer.token({ claims: { sub: undefined } }), 'token: no claim sub');
  refused('whose principal is empty', () => issuer.token({ subject: '' }), 'token: no claim sub');
  refused('that is none', () => 'abc', 'token: ERR_JWT_INVALID');
  refused('that is none, with dots', () => 'a.b.c', 'token: ERR_JWT_INVALID');
  refused('that is empty', () => '', 'token: ERR_JWT_INVALID');
});

suite('the keys of an issuer', () => {
  test('are asked for once', async () => {
    const authenticate = bearer(rules());
    const before = issuer.keyRequests;

    for (let i = 0; i < 3; i++) await authenticate(presented({ authorization: `Bearer ${await issuer.token()}` }));

    assert.equal(issuer.keyRequests - before, 1);
  });

  test('are asked for again when a token has a new one, but no more often than the cooldown allows', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const authenticate = bearer(rules());
    const ask = async () => authenticate(presented({ authorization: `Bearer ${await issuer.token()}` }));
    const before = issuer.keyRequests;
    await ask();

    await issuer.rotate();
    const soon = await ask();
    const asked = issuer.keyRequests - before;
    t.mock.timers.tick(COOLDOWN_MS + 1);
    const later = await ask();

    assert.deepEqual(soon, { refused: 'token: ERR_JWKS_NO_MATCHING_KEY' });
    assert.equal(asked, 1);
    assert.ok(later !== null && 'principal' in later);
  });

  test('that cannot be had are no fault of the token', async () => {
    const nowhere = new Map([[ISSUER, keySetOf(ISSUER, 'http://127.0.0.1:9/jwks.json')]]);

    const judged = (async () => judge(await issuer.token(), { issuers: nowhere }))();

    await assert.rejects(
      judged,
      ({ name, cause }: Error) => name === 'CredentialsUnavailable' && /fetch failed|bad port/.test(String(cause)),
    );
  });
});

suite('a token that does not name its key', () => {
  const name = (token: string) => JSON.stringify(JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()));

  test('is tried with each of several', async () => {
    await using several = await startTokenIssuer();
    await several.rotate('keep the others');
    const issuers = new Map([[ISSUER, keySetOf(ISSUER, several.jwksUrl)]]);
    const token = await several.token({ keyless: true });

    const verdict = await judge(token, { issuers });
    const forged = await judge(await several.token({ keyless: true, forged: true }), { issuers });
    const expired = await judge(await several.token({ keyless: true, lifeS: -100 }), { issuers });

    assert.equal(name(token), '{"alg":"RS256"}');
    assert.ok(verdict !== null && 'principal' in verdict, JSON.stringify(verdict));
    assert.deepEqual(forged, { refused: 'token: ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    assert.deepEqual(expired, { refused: 'token: ERR_JWT_EXPIRED' });
  });

  test('is not tried with more keys than so many', async () => {
    await using several = await startTokenIssuer();
    for (let i = 0; i < MAX_KEYS_TRIED; i++) await several.rotate('keep the others');
    const issuers = new Map([[ISSUER, keySetOf(ISSUER, several.jwksUrl)]]);

    const verdict = await judge(await several.token({ keyless: true }), { issuers });

    assert.deepEqual(verdict, { refused: 'token: ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });

  test('has the keys of its issuer asked for again, but no more often than the cooldown allows', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    await using own = await startTokenIssuer();
    const issuers = new Map([[ISSUER, keySetOf(ISSUER, own.jwksUrl)]]);
    const ask = async (forged = false) => judge(await own.token({ keyless: true, forged }), { issuers });
    await ask();

    await own.rotate();
    const soon = await ask();
    t.mock.timers.tick(COOLDOWN_MS + 1);
    const later = await ask();
    const forged = [await ask(true), await ask(true)];

    const refused = { refused: 'token: ERR_JWS_SIGNATURE_VERIFICATION_FAILED' };
    assert.deepEqual([soon, ...forged], [refused, refused, refused]);
    assert.ok(later !== null && 'principal' in later, JSON.stringify(later));
    assert.equal(own.keyRequests, 2);
  });
});

test('other credentials are none of its business', () => {
  const authenticate = bearer(rules());

  for (const authorization of [undefined, '', 'Basic YTpi', 'Bearer'])
    assert.equal(authenticate({ ...presented({}), authorization }), null);
});
