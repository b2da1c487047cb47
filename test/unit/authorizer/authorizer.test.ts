import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { makeWorkspace } from '../../../infra/local/workspace.ts';
import { readCaller } from '../../../lib/access/caller.ts';
import { authorizer } from '../../../lib/authorizer/authorizer.ts';
import { hashKey, hashPassword } from '../../../lib/authorizer/secret-hash.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { authorizerEvent, clientCert } from '../../harness/events/authorizer-event.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { basicHeader } from '../../harness/events/presented.ts';
import { AUDIENCE, ISSUER, startTokenIssuer, type TokenIssuer } from '../../harness/kafka/token-issuer.ts';

const PASSWORD = 'correct horse';
const KEY = 'sensor-1.battery-staple';

let issuer: TokenIssuer;
let GATEWAY_USERS: string;
before(async () => {
  issuer = await startTokenIssuer();
  GATEWAY_USERS = JSON.stringify({
    users: { alice: { hashes: [await hashPassword(PASSWORD)], groups: ['analysts'] } },
    keys: { 'sensor-1': { hashes: [hashKey(KEY)], groups: ['devices'] } },
  });
});
after(() => issuer?.stop());
beforeEach(() => setLogLevel('error'));

const grants = [
  { principal: 'alice', operations: ['read'], topics: ['of-alice'] },
  { group: 'analysts', operations: ['read'], topics: ['of-analysts'] },
  { group: 'devices', operations: ['produce'], topics: ['of-devices'] },
  { scope: 'kafka', operations: ['read'], topics: ['of-scope'] },
  { claim: { iss: ISSUER }, operations: ['read'], topics: ['of-claim'] },
  { principal: '*', operations: ['describe'], topics: ['of-all'] },
];
const all = (changes: Record<string, string> = {}) => ({
  GATEWAY_AUTH: 'jwt,basic,api-key,mtls',
  GATEWAY_JWT_ISSUER: ISSUER,
  GATEWAY_JWT_JWKS_URL: issuer.jwksUrl,
  GATEWAY_JWT_AUDIENCE: AUDIENCE,
  GATEWAY_GRANTS: JSON.stringify(grants),
  GATEWAY_USERS,
  ...changes,
});

/** Who is let in, and the topics that are granted; null when nobody is. */
async function judged(event: unknown, environment = all()) {
  const result = await authorizer(environment)(event);
  if (!result.isAuthorized) return null;
  for (const value of Object.values(result.context)) assert.equal(typeof value, 'string');
  const { principal, grants: granted } = readCaller({ lambda: result.context });
  return [principal, granted?.flatMap(({ topics }) => topics)];
}

suite('with all modes, the authorizer', () => {
  test('lets a token in', async () => {
    const headers = { authorization: `Bearer ${await issuer.token()}` };

    assert.deepEqual(await judged(authorizerEvent({ headers })), ['alice', ['of-alice', 'of-scope', 'of-claim', 'of-all']]);
  });

  test('lets a user in', async () => {
    const headers = { authorization: basicHeader('alice', PASSWORD) };

    assert.deepEqual(await judged(authorizerEvent({ headers })), ['alice', ['of-alice', 'of-analysts', 'of-all']]);
  });

  test('lets an API key in, whatever the case of the header', async () => {
    for (const name of ['x-api-key', 'X-Api-Key']) {
      assert.deepEqual(await judged(authorizerEvent({ headers: { [name]: KEY } })), ['sensor-1', ['of-devices', 'of-all']]);
    }
  });

  test('lets a certificate in', async () => {
    assert.deepEqual(await judged(authorizerEvent({ clientCert })), ['CN=sensor-1,O=Example', ['of-all']]);
  });

  test('lets nobody in without credentials', async () => {
    assert.equal(await judged(authorizerEvent()), null);
    assert.equal(await judged({}), null);
    assert.equal(await judged(null), null);
  });

  test('judges by the first credentials that are there, for better or worse', async () => {
    const right = { 'x-api-key': KEY };

    assert.equal(await judged(authorizerEvent({ headers: { ...right, authorization: basicHeader('alice', 'wrong') }, clientCert })), null);
    assert.equal(await judged(authorizerEvent({ headers: { 'x-api-key': 'wrong' }, clientCert })), null);
    assert.deepEqual(await judged(authorizerEvent({ headers: { ...right, authorization: 'Negotiate abc' } })), [
      'sensor-1',
      ['of-devices', 'of-all'],
    ]);
  });

  test('answers whatever is wrong alike', async () => {
    const headers = [
      { authorization: basicHeader('alice', 'wrong') },
      { authorization: basicHeader('nobody', PASSWORD) },
      { authorization: `Bearer ${await issuer.token({ forged: true })}` },
      { 'x-api-key': 'sensor-2.secret' },
    ];

    for (const one of headers) assert.deepEqual(await authorizer(all())(authorizerEvent({ headers: one })), { isAuthorized: false });
  });
});

test('a mode that is not configured counts for nothing', async () => {
  const environment = all({ GATEWAY_AUTH: 'api-key' });

  assert.equal(await judged(authorizerEvent({ headers: { authorization: basicHeader('alice', PASSWORD) } }), environment), null);
  assert.equal(await judged(authorizerEvent({ clientCert }), environment), null);
});

test('without grants, the context has none', async () => {
  const { GATEWAY_GRANTS: _, ...environment } = all();

  const result = await authorizer(environment)(authorizerEvent({ headers: { 'x-api-key': KEY } }));

  assert.deepEqual(result, { isAuthorized: true, context: { principalId: 'sensor-1', mode: 'api-key' } });
});

test('of a token, the claims are told that row filters ask for', async () => {
  const token = await issuer.token({ claims: { tenant: 'acme', salary: 7 } });
  const environment = all({ GATEWAY_ROW_FILTERS: 'orders: key == {claim.tenant}' });

  const result = await authorizer(environment)(authorizerEvent({ headers: { authorization: `Bearer ${token}` } }));

  assert.ok(result.isAuthorized);
  assert.equal(result.context.claims, '{"tenant":["acme"]}');
});

suite('of two callers with one name,', () => {
  const of = (mode: string | undefined, topic: string) => ({
    principal: 'alice',
    ...(mode && { mode }),
    operations: ['read'],
    topics: [topic],
  });
  const group = (mode: string) => ({ group: 'analysts', mode, operations: ['read'], topics: [`analysts-${mode}`] });
  const GATEWAY_GRANTS = (...some: object[]) => ({ GATEWAY_GRANTS: JSON.stringify(some) });

  test('each has the grants that name its mode', async () => {
    const environment = all(GATEWAY_GRANTS(of('basic', 'of-user'), of('jwt', 'of-token'), group('basic'), group('jwt')));
    const token = await issuer.token({ claims: { groups: ['analysts'] } });

    const user = await judged(authorizerEvent({ headers: { authorization: basicHeader('alice', PASSWORD) } }), environment);
    const subject = await judged(authorizerEvent({ headers: { authorization: `Bearer ${token}` } }), environment);

    assert.deepEqual(user, ['alice', ['of-user', 'analysts-basic']]);
    assert.deepEqual(subject, ['alice', ['of-token', 'analysts-jwt']]);
  });

  test('both have those that name none, and the log warns of that once', async (t) => {
    setLogLevel('warn');
    const lines = captureLog(t);
    const judge = authorizer(all(GATEWAY_GRANTS(of('jwt', 'a'), of(undefined, 'b'))));

    for (let i = 0; i < 2; i++) await judge(authorizerEvent({ headers: { 'x-api-key': KEY } }));

    assert.deepEqual(
      lines.map(({ event, level }) => [event, level]),
      [['grants_ambiguous', 'WARN']],
    );
    assert.match(String(lines[0].message), /^GATEWAY_GRANTS: \[1\] should name the "mode"/);
  });

  test('functions know which one it is', async () => {
    for (const [headers, mode] of [
      [{ authorization: basicHeader('alice', PASSWORD) }, 'basic'],
      [{ authorization: `Bearer ${await issuer.token()}` }, 'jwt'],
    ] as const) {
      const result = await authorizer(all())(authorizerEvent({ headers }));
      assert.equal(result.isAuthorized && readCaller({ lambda: result.context }).mode, mode);
    }
  });
});

test('the context says when a token ends', async () => {
  const token = await issuer.token({ lifeS: 100 });
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

  const result = await authorizer(all())(authorizerEvent({ headers: { authorization: `Bearer ${token}` } }));

  assert.ok(result.isAuthorized);
  assert.equal(result.context.expiresAt, String((exp + 30) * 1000));
});

test('users are read from a secret, once for a minute', async () => {
  const asked: string[] = [];
  const secrets = () => async (id: string) => {
    asked.push(id);
    return GATEWAY_USERS;
  };
  const judge = authorizer(all({ GATEWAY_USERS_SECRET_ID: 'gateway/users' }), secrets);

  await judge(authorizerEvent({ headers: { 'x-api-key': KEY } }));
  const result = await judge(authorizerEvent({ headers: { 'x-api-key': KEY } }));

  assert.equal(result.isAuthorized, true);
  assert.deepEqual(asked, ['gateway/users']);
});

test('users are read from a file', async (t) => {
  const { directory, remove } = await makeWorkspace();
  t.after(remove);
  const file = join(directory, 'users.json');
  await writeFile(file, GATEWAY_USERS);

  assert.deepEqual(await judged(authorizerEvent({ headers: { 'x-api-key': KEY } }), all({ GATEWAY_USERS: file })), [
    'sensor-1',
    ['of-devices', 'of-all'],
  ]);
});

test('a file of users that is damaged later is named in the log, and the users of before stay', async (t) => {
  const { directory, remove } = await makeWorkspace();
  t.after(remove);
  const file = join(directory, 'users.json');
  await writeFile(file, GATEWAY_USERS);
  const lines = captureLog(t);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const judge = authorizer(all({ GATEWAY_USERS: file }));
  await judge(authorizerEvent({ headers: { 'x-api-key': KEY } }));
  await writeFile(file, 'damaged');
  t.mock.timers.tick(60_000);

  const { isAuthorized } = await judge(authorizerEvent({ headers: { 'x-api-key': KEY } }));

  assert.ok(isAuthorized);
  const kept = lines.filter(({ event }) => event === 'credentials_kept');
  assert.deepEqual(
    kept.map(({ source }) => source),
    ['the file of GATEWAY_USERS'],
  );
  assert.match(JSON.stringify(kept), /The file of GATEWAY_USERS is not a JSON object/);
});

suite('the authorizer fails, and logs why,', () => {
  const cases: [what: string, changes: Record<string, string>, cause: RegExp][] = [
    ['with an unknown mode', { GATEWAY_AUTH: 'open' }, /GATEWAY_AUTH must be/],
    ['with modes that exclude each other', { GATEWAY_AUTH: 'jwt,none' }, /GATEWAY_AUTH: none excludes/],
    ['without a mode of its own', { GATEWAY_AUTH: 'iam' }, /has no mode that needs the authorizer/],
    ['with grants that are none', { GATEWAY_GRANTS: '[{}]' }, /GATEWAY_GRANTS: \[0\] must say whom it is for/],
    ['without an issuer', { GATEWAY_JWT_ISSUER: '', GATEWAY_JWT_JWKS_URL: '' }, /set GATEWAY_JWT_ISSUER/],
    ['without an audience', { GATEWAY_JWT_AUDIENCE: '' }, /set GATEWAY_JWT_AUDIENCE/],
    ['with an algorithm that has no key pair', { GATEWAY_JWT_ALGORITHMS: 'RS256,none' }, /GATEWAY_JWT_ALGORITHMS must be some of RS256/],
    ['with keys from anywhere', { GATEWAY_JWT_JWKS_URL: 'http://example.com/jwks' }, /must be https URLs/],
    ['with keys for some issuers', { GATEWAY_JWT_ISSUER: `${ISSUER},https://b.test` }, /must be one for each issuer/],
    ['without users', { GATEWAY_USERS: '' }, /set GATEWAY_USERS_SECRET_ID/],
    ['with users that are no JSON', { GATEWAY_USERS: '{secret' }, /The variable GATEWAY_USERS is not a JSON object/],
    ['with users that are wrong', { GATEWAY_USERS: '{"users": {"bob": {"hashes": ["hunter2"]}}}' }, /has no hashes that \\"bob\\"/],
  ];
  for (const [what, changes, cause] of cases) {
    test(what, async (t) => {
      const lines = captureLog(t);

      await assert.rejects(authorizer(all(changes))(authorizerEvent({ headers: { 'x-api-key': KEY } })));

      const log = JSON.stringify(lines);
      assert.equal(lines.length, 1);
      assert.match(log.replaceAll('\\\\', '\\'), cause);
      assert.doesNotMatch(log, /hunter2|battery-staple/);
    });
  }

  test('when the keys of an issuer cannot be had', async (t) => {
    const lines = captureLog(t);
    const judge = authorizer(all({ GATEWAY_JWT_JWKS_URL: `${issuer.url}/nowhere` }));

    await assert.rejects(judge(authorizerEvent({ headers: { authorization: `Bearer ${await issuer.token()}` } })));

    assert.equal(lines[0].level, 'ERROR');
    assert.equal(lines[0].requestId, 'JKJaXmPLvHcESHA=');
  });
});

test('every request is a line in the log, with the reason of a refusal and nothing of the credentials', async (t) => {
  setLogLevel('info');
  const lines = captureLog(t);
  const judge = authorizer(all({ GATEWAY_GRANTS: '' }));

  await judge(authorizerEvent({ headers: { authorization: basicHeader('alice', PASSWORD) } }));
  await judge(authorizerEvent({ headers: { authorization: basicHeader('alice', 'wrong password') } }));
  await judge(authorizerEvent({ headers: { authorization: `Bearer ${await issuer.token({ lifeS: -100 })}` } }));
  await judge(authorizerEvent({ headers: { 'x-api-key': 'sensor-1.wrong key' } }));

  const told = lines.map(({ mode, principal, refused, address }) => [mode, principal, refused, address]);
  assert.deepEqual(told, [
    ['basic', 'alice', undefined, '192.0.2.1'],
    ['basic', null, 'unknown, or wrong', '192.0.2.1'],
    ['jwt', null, 'token: ERR_JWT_EXPIRED', '192.0.2.1'],
    ['api-key', null, 'unknown, or wrong', '192.0.2.1'],
  ]);
  assert.doesNotMatch(JSON.stringify(lines), /correct horse|wrong password|wrong key|eyJ/);
});
