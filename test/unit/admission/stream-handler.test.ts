import assert from 'node:assert/strict';
import { PassThrough, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import { streamHandler } from '../../../lib/admission/stream-handler.ts';
import type { GatewayResponse } from '../../../lib/http/response.ts';
import { captureLog, lambdaContext } from '../../harness/events/http-event.ts';
import { restApiEvent } from '../../harness/lambda/rest-api.ts';

type Handler = (event: unknown, out: Writable, context: object) => Promise<void>;

/** A route that sends these pieces, behind a runtime that keeps what it is handed. */
function streaming(t: TestContext, answer: () => GatewayResponse) {
  t.mock.property(process, 'env', { ...process.env, GATEWAY_AUTH: 'none', CORS_ORIGINS: 'https://app.example.com' });
  const metadata: unknown[] = [];
  const runtime = {
    streamifyResponse: (handler: Handler) => handler,
    HttpResponseStream: {
      from(out: Writable, sent: unknown) {
        metadata.push(sent);
        return out;
      },
    },
  };
  Object.assign(globalThis, { awslambda: runtime });
  t.after(() => Reflect.deleteProperty(globalThis, 'awslambda'));
  const handler = streamHandler({ 'GET /topics/{topics}/records': answer });
  assert.ok(typeof handler === 'function');
  return async (method: string, headers: Record<string, string[]> = {}) => {
    const out = new PassThrough();
    const body = buffer(out);
    await handler(restApiEvent(method, '/topics/orders/records', { headers }), out, lambdaContext(900_000));
    const [sent] = metadata.splice(0);
    return { ...Object(sent), body: String(await body) };
  };
}

async function* pieces(...texts: string[]): AsyncGenerator<Buffer, void> {
  for (const text of texts) yield Buffer.from(text);
}

suite('a handler that streams', () => {
  test('sends the status and headers, then each piece, and ends', async (t) => {
    captureLog(t);
    const send = streaming(t, () => ({
      mediaType: 'text/event-stream',
      body: '',
      stream: { chunks: pieces('a\n', 'b\n'), until: Date.now() + 60_000 },
    }));

    const { statusCode, headers, body } = await send('GET');

    assert.deepEqual([statusCode, headers['content-type'], body], [200, 'text/event-stream', 'a\nb\n']);
  });

  test('ends at once for HEAD, which has no use for records', async (t) => {
    captureLog(t);
    let ended = false;
    async function* endless(): AsyncGenerator<Buffer, void> {
      try {
        for (;;) yield Buffer.from('a\n');
      } finally {
        ended = true;
      }
    }
    const send = streaming(t, () => ({ body: '', stream: { chunks: endless(), until: Date.now() + 60_000 } }));

    const { statusCode, body } = await send('HEAD');

    assert.deepEqual([statusCode, body, ended], [200, '', true]);
  });

  test('sends an answer that is no stream as a whole, such as an error', async (t) => {
    captureLog(t);
    const send = streaming(t, () => ({ status: 404, body: '{"error_code":40401}' }));

    const { statusCode, body } = await send('GET');

    assert.deepEqual([statusCode, body], [404, '{"error_code":40401}']);
  });

  test('lets pages of the origins of CORS_ORIGINS ask and read, and no others', async (t) => {
    captureLog(t);
    const send = streaming(t, () => ({ body: '{}' }));
    const asking = { 'Access-Control-Request-Method': ['GET'] };

    const asked = await send('OPTIONS', { ...asking, Origin: ['https://app.example.com'] });
    const read = await send('GET', { Origin: ['https://app.example.com'] });
    const other = await send('OPTIONS', { ...asking, Origin: ['https://other.example.com'] });

    assert.equal(asked.statusCode, 204);
    assert.match(asked.headers['access-control-allow-headers'], /last-event-id/);
    assert.equal(read.headers['access-control-allow-origin'], 'https://app.example.com');
    assert.deepEqual([other.statusCode, other.headers['access-control-allow-origin']], [405, undefined]);
  });

  test('keeps the headers by which an answer differs, beside the origin of the page', async (t) => {
    captureLog(t);
    const send = streaming(t, () => ({ status: 404, headers: { vary: 'accept-encoding' }, body: '{}' }));

    const page = await send('GET', { Origin: ['https://app.example.com'] });
    const other = await send('GET');

    assert.deepEqual([page.headers.vary, other.headers.vary], ['origin, accept-encoding', 'accept-encoding']);
  });

  test('answers when its stream has ended where the runtime cannot stream', async (t) => {
    captureLog(t);
    t.mock.property(process, 'env', { ...process.env, GATEWAY_AUTH: 'none' });
    const handler = streamHandler({
      'GET /topics/{topics}/records': () => ({ body: '', stream: { chunks: pieces('a\n', 'b\n'), until: 0 } }),
    });
    assert.ok(typeof handler === 'function');

    const { statusCode, body } = await handler(restApiEvent('GET', '/topics/orders/records'), lambdaContext(900_000));

    assert.deepEqual([statusCode, body], [200, 'a\nb\n']);
  });
});
