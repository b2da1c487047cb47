import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { connectionsAt } from '../../../lib/sockets/connections.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { listenDuring } from '../../harness/http/loopback.ts';

const access = () => ({ region: 'eu-west-1', accessKeyId: 'id', secretAccessKey: 'key', sessionToken: null, lambda: '' });
const never = new AbortController().signal;

/** API Gateway, which answers with these statuses one after the other, and then with 200. */
async function apiGateway(t: TestContext, ...statuses: number[]) {
  const asked: { method: string; path: string; signature: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    asked.push({ method, path, signature: String(headers.authorization), body });
    response.writeHead(statuses.shift() ?? 200).end('{"message":"…"}');
  });
  return { url: `${await listenDuring(t, server)}/pubsub`, asked };
}

test('a message is posted to its connection, signed', async (t) => {
  const { url, asked } = await apiGateway(t);

  const result = await connectionsAt(url, access).post('L0SM9cOFvHcCIhw=', 'text', never);

  assert.equal(result, 'sent');
  const [{ signature, ...request }] = asked;
  assert.deepEqual(request, { method: 'POST', path: '/pubsub/@connections/L0SM9cOFvHcCIhw%3D', body: 'text' });
  assert.match(signature, /^AWS4-HMAC-SHA256 Credential=.*\/execute-api\/aws4_request/);
});

test('a connection that API Gateway does not have any more is gone', async (t) => {
  const { url, asked } = await apiGateway(t, 410);

  assert.equal(await connectionsAt(url, access).post('c', 'text', never), 'gone');
  assert.equal(asked.length, 1);
});

test('a message that API Gateway cannot take for the moment is posted again', async (t) => {
  const lines = captureLog(t);
  const { url, asked } = await apiGateway(t, 429, 503);

  assert.equal(await connectionsAt(url, access).post('c', 'text', never), 'sent');
  assert.equal(asked.length, 3);
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['push_failed', 'push_failed'],
  );
});

test('a message is given up when nobody wants it any more', async (t) => {
  const stop = new AbortController();
  captureLog(t);
  const { url, asked } = await apiGateway(t, ...Array(100).fill(500));
  const posting = connectionsAt(url, access).post('c', 'text', stop.signal);

  stop.abort();

  assert.equal(await posting, 'stopped');
  assert.ok(asked.length <= 1);
});
