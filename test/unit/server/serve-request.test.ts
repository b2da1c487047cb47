import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { tooManySignIns } from '../../../lib/messages/callers.ts';
import { countRequestsBy } from '../../../lib/metrics/listener.ts';
import type { MeasuredRequest } from '../../../lib/metrics/measured-request.ts';
import { serveRequest } from '../../../lib/server/serve-request.ts';
import { captureLog } from '../../harness/events/http-event.ts';

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

test('an answer to HEAD says nothing of a length, which would be that of a body', async (t) => {
  const { url } = await serving(t, async () => async () => ({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '',
  }));

  const response = await fetch(url, { method: 'HEAD' });

  assert.deepEqual([response.status, response.headers.get('content-length')], [200, null]);
  assert.equal(response.headers.get('content-type'), 'application/json');
});

test('a body in another transfer coding than chunked is refused: its bytes are not those that the client meant', async (t) => {
  const { url } = await serving(t, () => assert.fail('the handler was asked'));

  const request = http.request(url, { method: 'POST', headers: { 'transfer-encoding': 'gzip, chunked' } });
  request.end(gzipSync('{"records":[]}'));
  const [response]: [IncomingMessage] = Object(await once(request, 'response'));

  assert.equal(response.statusCode, 501);
  assert.deepEqual(await json(response), {
    error_code: 50101,
    message: 'Transfer-Encoding "gzip, chunked" is not supported: send chunked alone, and name a compression in Content-Encoding',
  });
});

test('a caller who cannot be judged for the moment is told to try again', async (t) => {
  const { url } = await serving(t, () => Promise.reject(tooManySignIns()));

  const response = await fetch(url);

  assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '1']);
  assert.deepEqual(await response.json(), { error_code: 429, message: 'Too many callers show a password at the same time: try again' });
});

test('a request that no function has answered gets the media type that its client prefers, and that of version 3 there', async (t) => {
  const { url } = await serving(t, () => Promise.reject(tooManySignIns()));
  const accept = 'application/vnd.kafka.json.v2+json';

  const responses = await Promise.all([
    fetch(`${url}topics`, { headers: { accept } }),
    fetch(`${url}v3/clusters`, { headers: { accept } }),
  ]);

  assert.deepEqual(
    responses.map(({ headers }) => headers.get('content-type')),
    [accept, 'application/json'],
  );
});

test('a request that no function has answered is in the log and the metrics, by the id that its client got', async (t) => {
  const lines = captureLog(t);
  const counted: MeasuredRequest[] = [];
  countRequestsBy((request) => counted.push(request));
  for (const [thrown, sent, status] of [
    [tooManySignIns(), 'a', 429],
    [new Error('no keys'), 'a', 500],
    [null, 'a'.repeat(11 * 1024 * 1024), 413],
  ] as const) {
    const { url } = await serving(t, () => Promise.reject(thrown));

    const response = await fetch(url, { method: 'POST', body: sent });

    const id = response.headers.get('x-request-id');
    const line = lines.find(({ event, requestId }) => event === 'request' && requestId === id);
    assert.deepEqual([response.status, line?.status, counted.at(-1)?.status], [status, status, status]);
  }
  assert.deepEqual(
    lines.filter(({ event }) => event === 'request_failed').map(({ error }) => Object(Object(error).cause).message),
    ['no keys'],
  );
});

test('a client whose body is too large can send all of it, and then has its answer', async (t) => {
  const { url } = await serving(t, () => assert.fail('the handler was asked'));
  const size = 40 * 1024 * 1024;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(() => socket.destroy());
  const answer = buffer(socket);

  socket.write(`POST / HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${size}\r\n\r\n`);
  const sent = new Promise((resolve) => socket.write(Buffer.alloc(size), resolve));

  assert.match(String(await answer), /^HTTP\/1\.1 413 .*"error_code":413/s);
  assert.ok(!((await sent) instanceof Error));
});

/** A server whose requests fail before a function gets them. */
async function serving(t: TestContext, handlerFor: () => Promise<GatewayHandler>): Promise<{ url: string }> {
  process.env.GATEWAY_AUTH = 'none';
  const server = createServer((request, response) => {
    void serveRequest(request, response, handlerFor, new AbortController().signal);
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  return { url: `http://127.0.0.1:${port}/` };
}
