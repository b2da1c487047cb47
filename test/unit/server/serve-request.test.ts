import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tooManySignIns } from '../../../lib/messages/callers.ts';
import { serveRequest } from '../../../lib/server/serve-request.ts';

test('a compressed response is sent as bytes, and varies by its coding beside what CORS says', async (t) => {
  process.env.CORS_ORIGINS = 'https://shop.example';
  process.env.GATEWAY_AUTH = 'none';
  const headers = { 'content-encoding': 'gzip', vary: 'accept-encoding' };
  const result = { statusCode: 200, headers, body: gzipSync('text').toString('base64'), isBase64Encoded: true };
  const server = createServer((request, response) => {
    void serveRequest(request, response, () => async () => result, new AbortController().signal);
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());

  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { origin: 'https://shop.example' } });

  assert.deepEqual([response.headers.get('vary'), await response.text()], ['origin, accept-encoding', 'text']);
});

test('a caller who cannot be judged for the moment is told to try again', async (t) => {
  process.env.GATEWAY_AUTH = 'none';
  const busy = () => Promise.reject(tooManySignIns());
  const server = createServer((request, response) => {
    void serveRequest(request, response, busy, new AbortController().signal);
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());

  const response = await fetch(`http://127.0.0.1:${port}/`);

  assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '1']);
  assert.deepEqual(await response.json(), { error_code: 429, message: 'Too many callers show a password at the same time: try again' });
});
