import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { listen } from '../../../../infra/serve/listen.ts';

test('a port that another process has is told of with its variable', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const address = other.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;

  const listening = listen(createServer(), { port, host: '127.0.0.1' }, 'METRICS_PORT');

  await assert.rejects(listening, { message: `Port ${port} is in use. Choose another one with METRICS_PORT.` });
});

test('another reason is passed on as it is', async () => {
  const listening = listen(createServer(), { port: 0, host: '192.0.2.1' }, 'PORT');

  await assert.rejects(listening, { code: 'EADDRNOTAVAIL' });
});
