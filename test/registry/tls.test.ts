import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { certificates } from '../../infra/local/certificates.ts';
import { fixed } from '../../lib/credentials/credential-source.ts';
import { RegistryClient } from '../../lib/schemas/registry/client.ts';
import { startStandIn } from '../harness/schema-registry/stand-in.ts';

test('the authority that is configured is trusted, and no other', async () => {
  const { ca, foreignCa, keystore, keystorePassword } = await certificates();
  const registry = await startStandIn(() => ({ status: 200, body: {} }), { pfx: await readFile(keystore), passphrase: keystorePassword });
  const trusting = (authority: string | null) => new RegistryClient({ urls: [registry.url], ca: authority, credentials: fixed(null) });

  const answer = await trusting(ca).send('GET', ['subjects']);

  assert.equal(answer.status, 200);
  for (const other of [foreignCa, null]) await assert.rejects(trusting(other).send('GET', ['subjects']), { name: 'RegistryUnavailable' });
  assert.equal(registry.seen.length, 1);
});
