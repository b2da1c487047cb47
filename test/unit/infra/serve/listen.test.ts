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

test('an address that this machine does not have is told of with its variable', async () => {
  const listening = listen(createServer(), { port: 0, host: '192.0.2.1' }, 'PORT');

  const message = '192.0.2.1 is no address of this machine. Choose another one with HOST, such as 127.0.0.1 or 0.0.0.0.';
  await assert.rejects(listening, { message });
});

for (const [code, message] of [
  ['EACCES', 'This process may not open port 80. Choose another one, from 1024 on, with PORT.'],
  ['ENOTFOUND', 'gateway.test is no address of this machine. Choose another one with HOST, such as 127.0.0.1 or 0.0.0.0.'],
  ['EMFILE', 'too many files'],
] as const) {
  test(`what keeps a server from listening is told, with the variable that must change, if one must: ${code}`, async (t) => {
    const server = createServer();
    t.mock.method(server, 'listen', () => {
      queueMicrotask(() => server.emit('error', Object.assign(new Error('too many files'), { code })));
      return server;
    });

    await assert.rejects(listen(server, { port: 80, host: 'gateway.test' }, 'PORT'), { message });
  });
}
