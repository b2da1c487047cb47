import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import type { CredentialSource } from '../../../../../lib/credentials/credential-source.ts';
import { type BearerToken, oauthBearer } from '../../../../../lib/kafka/connection/authentication/oauthbearer.ts';
import { isCredentialRefusal } from '../../../../../lib/kafka/failures.ts';
import { startBroker, withSasl } from '../../../../harness/fake-broker/fake-broker.ts';
import { stopTime } from '../../../../harness/virtual-time.ts';
import { ask, connectionTo, echo } from '../connecting.ts';

/** Tokens `token-1`, `token-2` …, another one each time; notes which are said to be refused. */
function issuer() {
  const seen = { given: 0, refused: [] as BearerToken[] };
  const source: CredentialSource<BearerToken> = {
    current: async () => ({ value: `token-${++seen.given}` }),
    async renew(token) {
      seen.refused.push(token);
      return true;
    },
  };
  return { source, seen };
}

/** A broker that takes any token, unless another answer is given; notes what it is shown. */
async function broker(t: TestContext, { answer = {}, sessionMs = 0 }: { answer?: object; sessionMs?: number } = {}) {
  const shown: string[] = [];
  const take = (bytes: Buffer) => {
    shown.push(bytes.toString());
    return { error: 0, message: null, ...answer };
  };
  const { address } = await startBroker(t, withSasl('OAUTHBEARER', take, echo, sessionMs));
  return { address, shown };
}

test('the token is shown as RFC 7628 wants it', async (t) => {
  const { address, shown } = await broker(t);
  const connection = connectionTo(t, address, await oauthBearer(issuer().source).current());

  await connection.connect();

  assert.deepEqual(shown, ['n,,\x01auth=Bearer token-1\x01\x01']);
  assert.equal(await ask(connection, 'orders'), 'orders');
});

test('extensions go along with it', async (t) => {
  const { address, shown } = await broker(t);
  const extensions = { logicalCluster: 'lkc-1', identityPoolId: 'pool=1' };
  const connection = connectionTo(t, address, await oauthBearer(issuer().source, extensions).current());

  await connection.connect();

  assert.deepEqual(shown, ['n,,\x01auth=Bearer token-1\x01logicalCluster=lkc-1\x01identityPoolId=pool=1\x01\x01']);
});

test('a session is renewed with the token that is current by then', async (t) => {
  stopTime(t);
  const { address, shown } = await broker(t, { sessionMs: 60_000 });
  const { source, seen } = issuer();
  const connection = connectionTo(t, address, await oauthBearer(source).current());
  await connection.connect();

  t.mock.timers.setTime(Date.now() + 55_000);
  await ask(connection, 'orders');

  assert.deepEqual(
    shown.map((message) => /token-\d/.exec(message)?.[0]),
    ['token-1', 'token-2'],
  );
  assert.equal(seen.given, 2);
});

for (const [how, answer] of [
  ['by a challenge', { bytes: Buffer.from('{"status":"invalid_token"}') }],
  ['by an error', { error: 58, message: '{"status":"invalid_token"}' }],
] as const) {
  test(`a refusal ${how} is one of the credentials, and says why; it does not hold the token`, async (t) => {
    const { address } = await broker(t, { answer });
    const connection = connectionTo(t, address, await oauthBearer(issuer().source).current());

    await assert.rejects(connection.connect(), (error) => {
      assert.ok(isCredentialRefusal(error) && error instanceof Error);
      assert.match(error.message, /invalid_token/);
      assert.doesNotMatch(inspect(error, { depth: 5 }), /token-1/);
      return true;
    });
  });
}

test('of a long refusal the beginning is told', async (t) => {
  const { address } = await broker(t, { answer: { bytes: Buffer.alloc(100_000, 'x') } });
  const connection = connectionTo(t, address, await oauthBearer(issuer().source).current());

  await assert.rejects(connection.connect(), (error) => error instanceof Error && error.message.length < 600);
});

test('what is refused is the token that it was made of', async () => {
  const { source, seen } = issuer();
  const sasl = oauthBearer(source);
  const [first] = [await sasl.current(), await sasl.current()];

  assert.equal(await sasl.renew(first), true);

  assert.deepEqual(seen.refused, [{ value: 'token-1' }]);
});

test('a source without a token is what connecting fails with', async (t) => {
  stopTime(t);
  const { address } = await broker(t, { sessionMs: 60_000 });
  const { source } = issuer();
  const connection = connectionTo(t, address, await oauthBearer(source).current());
  await connection.connect();
  const down = new Error('the endpoint is down');
  source.current = () => Promise.reject(down);

  t.mock.timers.setTime(Date.now() + 55_000);

  await assert.rejects(ask(connection, 'orders'), (error) => error instanceof Error && error.cause === down);
  assert.equal(connection.closed, true);
});
