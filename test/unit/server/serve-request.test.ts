import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
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
