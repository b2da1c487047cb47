import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from '../../../../lib/credentials/credential-source.ts';
import { RegistryClient } from '../../../../lib/schemas/registry/client.ts';
import type { RegistryCredentials } from '../../../../lib/schemas/registry/credentials.ts';
import { startStandIn } from '../../../harness/schema-registry/stand-in.ts';

const client = (urls: string[], credentials: RegistryCredentials | null = null) =>
  new RegistryClient({ urls, ca: null, credentials: fixed(credentials) });
const ok = { status: 200, body: { id: 1 } };

test('parts of a path are encoded, and bodies are JSON of the registry', async () => {
  const registry = await startStandIn(() => ok);

  const answer = await client([`${registry.url}/base/`]).send('POST', ['subjects', 'a/b c', 'versions'], { schema: 'x' });

  assert.deepEqual(answer, ok);
  const [{ line, headers, body }] = registry.seen;
  assert.equal(line, 'POST /base/subjects/a%2Fb%20c/versions');
  assert.equal(headers['content-type'], 'application/vnd.schemaregistry.v1+json');
  assert.equal(headers.authorization, undefined);
  assert.deepEqual(body, { schema: 'x' });
});

for (const name of ['.', '..', '', '\ud800', 'x'.repeat(1001)]) {
  test(`${JSON.stringify(name).slice(0, 20)} alters no address`, async () => {
    const registry = await startStandIn(() => ok);

    await assert.rejects(client([registry.url]).send('GET', ['subjects', name, 'versions']), { name: 'InvalidRecord' });
    assert.equal(registry.seen.length, 0);
  });
}

test('credentials go along', async () => {
  const registry = await startStandIn(() => ok);

  await client([registry.url], { token: 't' }).send('GET', ['x']);

  assert.equal(registry.seen[0].headers.authorization, 'Bearer t');
});

test('the next address is asked where one does not answer', async () => {
  const broken = await startStandIn(() => null);
  const failing = await startStandIn(() => ({ status: 500, body: {} }));
  const well = await startStandIn(() => ok);

  assert.deepEqual(await client([broken.url, failing.url, well.url]).send('GET', ['x']), ok);
});

test('an address that does not answer is not asked again while another one does', async () => {
  const broken = await startStandIn(() => null);
  const states = { isWell: true };
  const well = await startStandIn(() => (states.isWell ? ok : null));
  const registry = client([broken.url, well.url]);

  await registry.send('GET', ['x']);
  await registry.send('GET', ['y']);
  states.isWell = false;
  await assert.rejects(registry.send('GET', ['z']), { name: 'RegistryUnavailable' });

  assert.deepEqual(
    broken.seen.map(({ line }) => line),
    ['GET /x', 'GET /z'],
  );
});

for (const [what, answer] of [
  ['is closed', null],
  ['fails', { status: 500, body: {} }],
  ['is busy', { status: 429, body: {} }],
  ['leads elsewhere', { status: 302, body: {} }],
] as const) {
  test(`a registry that ${what} is unavailable`, async () => {
    const registry = await startStandIn(() => answer);

    await assert.rejects(client([registry.url]).send('GET', ['x']), { name: 'RegistryUnavailable' });
  });
}

test('what the registry says no to is for whoever asked', async () => {
  const registry = await startStandIn(() => ({ status: 404, body: { error_code: 40401 } }));

  assert.deepEqual(await client([registry.url]).send('GET', ['x']), { status: 404, body: { error_code: 40401 } });
});

test('an answer that is no JSON has an empty body', async () => {
  const registry = await startStandIn(() => '<html>');

  assert.deepEqual(await client([registry.url]).send('GET', ['x']), { status: 200, body: {} });
});

test('credentials that are refused are renewed once', async () => {
  const registry = await startStandIn(({ headers }) => (headers.authorization === 'Bearer new' ? ok : { status: 401, body: {} }));
  let token = 'old';
  const credentials = {
    current: async () => ({ token }),
    renew: async () => {
      token = 'new';
      return true;
    },
  };

  const answer = await new RegistryClient({ urls: [registry.url], ca: null, credentials }).send('GET', ['x']);

  assert.deepEqual(answer, ok);
  assert.equal(registry.seen.length, 2);
});

test('a 401 is for the operator, and says nothing of the credentials', async () => {
  const registry = await startStandIn(() => ({ status: 401, body: {} }));

  await assert.rejects(client([registry.url], { token: 's3cret' }).send('GET', ['x']), (error: Error) => {
    assert.equal(error.name, 'RegistryAuthentication');
    assert.doesNotMatch(`${error.message} ${error.cause}`, /s3cret/);
    return true;
  });
});

test('a 403 is for whoever asked: it is of what was asked for, and other credentials are not tried', async () => {
  const registry = await startStandIn(() => ({ status: 403, body: {} }));
  const credentials = { current: async () => ({ token: 's3cret' }), renew: () => assert.fail('renewed') };

  const answer = await new RegistryClient({ urls: [registry.url], ca: null, credentials }).send('GET', ['x']);

  assert.equal(answer.status, 403);
});
