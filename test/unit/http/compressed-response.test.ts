import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { GatewayError } from '../../../lib/errors.ts';
import { gatewayHandler } from '../../../lib/http/gateway-handler.ts';
import type { GatewayResponse } from '../../../lib/http/response.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

const large = JSON.stringify(Array.from({ length: 500 }, (_, i) => `topic-${i}-ü`));

/** The result of a function whose route answers so. */
async function resultOf(t: TestContext, response: GatewayResponse, acceptEncoding?: string, method = 'GET') {
  captureLog(t);
  const handler = gatewayHandler({ 'GET /topics': () => response });
  const headers: Record<string, string> = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  return handler(httpEvent(method, '/topics', { headers }), lambdaContext());
}

for (const [acceptEncoding, encoding, inflate] of [
  ['gzip', 'gzip', gunzipSync],
  ['gzip, deflate, br', 'br', brotliDecompressSync],
] as const) {
  test(`a large body is compressed for a client that accepts ${acceptEncoding}`, async (t) => {
    const { headers, body, isBase64Encoded } = await resultOf(t, { body: large }, acceptEncoding);

    assert.deepEqual([headers['content-encoding'], headers.vary, isBase64Encoded], [encoding, 'accept-encoding', true]);
    assert.equal(inflate(Buffer.from(body, 'base64')).toString(), large);
    assert.ok(body.length < large.length / 3);
  });
}

for (const [what, response, acceptEncoding, vary] of [
  ['a client that accepts none', { body: large }, undefined, 'accept-encoding'],
  ['a client that prefers identity', { body: large }, 'identity, gzip;q=0.1', 'accept-encoding'],
  ['a small body', { body: large.slice(0, 2000) }, 'br', undefined],
  ['no body', { status: 204, body: '' }, 'br', undefined],
  ['a body that is not made smaller', { body: randomBytes(3000).toString('base64'), isBase64: true }, 'br', 'accept-encoding'],
] as const) {
  test(`nothing is compressed for ${what}`, async (t) => {
    const { headers, body } = await resultOf(t, response, acceptEncoding);

    assert.deepEqual([headers['content-encoding'], headers.vary, body], [undefined, vary, response.body]);
  });
}

test('bytes are compressed, and not their base64', async (t) => {
  const bytes = Buffer.alloc(5000, 'ab');

  const { body } = await resultOf(t, { body: bytes.toString('base64'), isBase64: true }, 'gzip');

  assert.deepEqual(gunzipSync(Buffer.from(body, 'base64')), bytes);
});

test('what a route has compressed itself stays as it is', async (t) => {
  const response = { body: 'AAAA', isBase64: true, headers: { 'content-encoding': 'gzip', vary: 'origin' } };

  const { headers, body } = await resultOf(t, response, 'br');

  assert.deepEqual([headers['content-encoding'], headers.vary, body], ['gzip', 'origin, accept-encoding', 'AAAA']);
});

test('HEAD says nothing of a coding that no body has', async (t) => {
  const packed = await resultOf(t, { body: 'AAAA', isBase64: true, headers: { 'content-encoding': 'gzip' } }, 'gzip', 'HEAD');
  const plain = await resultOf(t, { body: large }, 'gzip', 'HEAD');

  assert.deepEqual([packed.headers['content-encoding'], packed.body], [undefined, '']);
  assert.deepEqual([plain.headers['content-encoding'], plain.body], [undefined, '']);
});

test('a long error is compressed, too', async (t) => {
  captureLog(t);
  const message = 'The topic is unknown: '.repeat(200);
  const handler = gatewayHandler({
    'GET /topics': () => {
      throw new GatewayError('BadRequest', message);
    },
  });

  const { statusCode, headers, body } = await handler(
    httpEvent('GET', '/topics', { headers: { 'accept-encoding': 'gzip' } }),
    lambdaContext(),
  );

  assert.deepEqual([statusCode, headers['content-encoding']], [400, 'gzip']);
  assert.equal(JSON.parse(gunzipSync(Buffer.from(body, 'base64')).toString()).message, message);
});
