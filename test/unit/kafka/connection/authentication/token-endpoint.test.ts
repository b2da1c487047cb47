import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { fixed } from '../../../../../lib/credentials/credential-source.ts';
import { GatewayError } from '../../../../../lib/errors.ts';
import { tokensFrom } from '../../../../../lib/kafka/connection/authentication/token-endpoint.ts';
import { pass, stopTime } from '../../../../harness/virtual-time.ts';

const endpoint = { url: 'https://issuer.test/token', scope: null, audience: null };
const client = { clientId: 'id', clientSecret: 'hunter2' };

/** Tokens `1`, `2` … of an endpoint that answers with these members besides. */
function tokens(t: TestContext, members: object) {
  stopTime(t);
  const asked = { count: 0, available: true };
  t.mock.method(globalThis, 'fetch', async () => {
    asked.count++;
    if (!asked.available) return new Response('', { status: 503 });
    return Response.json({ access_token: String(asked.count), ...members });
  });
  return { source: tokensFrom(endpoint, fixed(client)), asked };
}

suite('a token', () => {
  test('is handed out until a minute is left of it', async (t) => {
    const { source } = tokens(t, { expires_in: 300 });

    const first = await source.current();
    await pass(t, 239_000, 1000);
    const late = await source.current();
    await pass(t, 2000, 1000);
    const renewed = await source.current();

    assert.deepEqual([first, late, renewed], [{ value: '1' }, { value: '1' }, { value: '2' }]);
  });

  test('serves on while the endpoint is down, but never with less than 15 seconds left', async (t) => {
    const { source, asked } = tokens(t, { expires_in: 300 });
    await source.current();
    asked.available = false;

    await pass(t, 280_000, 1000);
    const old = await source.current();
    await pass(t, 6000, 1000);

    assert.deepEqual(old, { value: '1' });
    await assert.rejects(source.current(), { name: 'CredentialsUnavailable' });
  });

  test('of a short life is renewed when half of that is left', async (t) => {
    const { source } = tokens(t, { expires_in: 20 });
    await source.current();

    await pass(t, 11_000, 1000);

    assert.deepEqual(await source.current(), { value: '2' });
  });

  for (const members of [{}, { expires_in: null }, { expires_in: 'soon' }, { expires_in: -1 }]) {
    test(`that does not say how long it lives (${JSON.stringify(members)}) is renewed after four minutes`, async (t) => {
      const { source } = tokens(t, members);
      await source.current();

      await pass(t, 241_000, 1000);

      assert.deepEqual(await source.current(), { value: '2' });
    });
  }
});

for (const members of [
  { access_token: null },
  { access_token: '' },
  { access_token: 7 },
  { access_token: 'a\n' },
  { access_token: 'a\x01b=c' },
]) {
  test(`an answer without a token (${JSON.stringify(members)}) is 503`, async (t) => {
    const { source } = tokens(t, members);

    await assert.rejects(source.current(), { name: 'CredentialsUnavailable', status: 503 });
  });
}

test('of an answer without an end, no more is read than a token may have', async (t) => {
  const sent = { chunks: 0, isCancelled: false };
  const body = new ReadableStream({
    pull(controller) {
      sent.chunks++;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
    cancel() {
      sent.isCancelled = true;
    },
  });
  t.mock.method(globalThis, 'fetch', async () => new Response(body));

  await assert.rejects(tokensFrom(endpoint, fixed(client)).current(), { name: 'CredentialsUnavailable' });

  assert.equal(sent.isCancelled, true);
  assert.ok(sent.chunks < 20);
});

test('an endpoint that leads elsewhere is named: the secret does not go there, and no other secret is tried', async (t) => {
  const elsewhere = new Response(null, { status: 302, headers: { location: 'https://other.test' } });
  const { mock } = t.mock.method(globalThis, 'fetch', async () => elsewhere);
  const clients = { current: async () => client, renew: () => assert.fail('renewed') };

  await assert.rejects(tokensFrom(endpoint, clients).current(), (error) => {
    assert.ok(error instanceof GatewayError && error.cause instanceof Error);
    assert.equal(error.name, 'CredentialsUnavailable');
    assert.equal(error.cause.message, 'the token endpoint answered 302');
    return true;
  });

  assert.equal(mock.callCount(), 1);
  assert.equal(mock.calls[0].arguments[1]?.redirect, 'manual');
});
