import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { gatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { readJson } from '../../../lib/http/json-body.ts';
import { captureLog, httpEvent, lambdaContext } from '../../harness/events/http-event.ts';

/** Posts a body and answers with what the route got, or the error. */
async function post(body: string | Uint8Array | undefined, headers: Record<string, string> = { 'content-type': 'application/json' }) {
  let json: unknown = 'the route was not called';
  const handler = gatewayHandler({
    'POST /admin/topics': async (request) => {
      json = await readJson(request);
      return { body: '{}' };
    },
  });
  const encoded =
    typeof body === 'object'
      ? { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
      : { ...(body !== undefined && { body }) };
  const { statusCode, body: answer } = await handler(httpEvent('POST', '/admin/topics', { headers, ...encoded }), lambdaContext());
  return { status: statusCode, json, error: JSON.parse(answer) };
}

test('any JSON is read, as text or as base64', async (t) => {
  captureLog(t);
  const hasNoForbiddenKey = (text: string) => !/"(__proto__|constructor)"/.test(text);

  await fc.assert(
    fc.asyncProperty(fc.json().filter(hasNoForbiddenKey), async (text) => {
      assert.deepEqual((await post(text)).json, JSON.parse(text));
      assert.deepEqual((await post(Buffer.from(text))).json, JSON.parse(text));
    }),
  );
});

for (const mediaType of [
  'application/json',
  'Application/JSON ; charset=utf-8',
  'application/vnd.kafka.v2+json',
  'application/vnd.kafka.json.v2+json; charset=utf-8',
  'application/vnd.kafka.v1+json',
]) {
  test(`${mediaType} is taken`, async (t) => {
    captureLog(t);

    assert.deepEqual((await post(Buffer.from('{"topic_name":"a"}'), { 'content-type': mediaType })).json, { topic_name: 'a' });
  });
}

for (const mediaType of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/application/json', '']) {
  test(`${JSON.stringify(mediaType)} is not taken`, async (t) => {
    captureLog(t);

    const { status, error, json } = await post('{}', { 'content-type': mediaType });

    assert.equal(status, 415);
    assert.deepEqual(error, {
      error_code: 415,
      message: 'The media type of the body is not supported: send JSON, with Content-Type: application/json',
    });
    assert.equal(json, 'the route was not called');
  });
}

test('no Content-Type is refused in the same way', async (t) => {
  captureLog(t);

  assert.equal((await post('{}', {})).status, 415);
});

test('a compressed body is inflated, up to the limit', async (t) => {
  captureLog(t);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

  assert.deepEqual((await post(gzipSync('{"a":1}'), headers)).json, { a: 1 });
  assert.equal((await post(gzipSync(`[${' '.repeat(300_000)}]`), headers)).status, 413);
});

test('a body of more than 256 KiB is refused', async (t) => {
  captureLog(t);

  const full = JSON.stringify('a'.repeat(256 * 1024 - 2));

  assert.equal((await post(full)).status, 200);
  assert.deepEqual((await post(`${full} `)).error, {
    error_code: 413,
    message: 'The request body is larger than 262144 bytes: send less in one request',
  });
});

for (const body of [undefined, '']) {
  test(`${JSON.stringify(body)} is no body`, async (t) => {
    captureLog(t);

    const { status, error } = await post(body);

    assert.equal(status, 400);
    assert.deepEqual(error, { error_code: 400, message: 'The request has no body: send a JSON object' });
  });
}

for (const [body, where] of [
  ['{"a":1,}', ': see at position 7'],
  ['{"a":1', ': see at position 6'],
  ["{'a':1}", ': see at position 1'],
  ['{} {}', ': see at position 3'],
  [' ', ''],
  ['nul', ''],
  ['[', ''],
  ['NaN', ''],
]) {
  test(`${JSON.stringify(body)} is not JSON`, async (t) => {
    captureLog(t);

    const { status, error } = await post(body);

    assert.equal(status, 400);
    assert.equal(error.error_code, 400);
    assert.match(error.message, /^The request body is not valid JSON/);
    if (where) assert.equal(error.message, `The request body is not valid JSON${where}`);
  });
}

test('a byte order mark is skipped and what is not UTF-8 is refused', async (t) => {
  captureLog(t);

  assert.deepEqual((await post(Buffer.from('\ufeff{"a":1}'))).json, { a: 1 });
  const { status, error } = await post(Buffer.from('{"a":"\xff"}', 'latin1'));
  assert.equal(status, 400);
  assert.equal(error.message, 'The request body is not UTF-8 text: encode it as UTF-8');
});

for (const body of [
  '{"__proto__":{"polluted":true}}',
  '[{"a":{"\\u005f_proto__":1}}]',
  '{"constructor":{"prototype":{"polluted":true}}}',
]) {
  test(`${body} is refused`, async (t) => {
    captureLog(t);

    const { status, error, json } = await post(body);

    assert.equal(status, 400);
    assert.match(error.message, /a member named __proto__/);
    assert.equal(json, 'the route was not called');
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
}

test('a body nested too deep is refused', async (t) => {
  captureLog(t);

  assert.equal((await post('['.repeat(130_000) + ']'.repeat(130_000))).status, 400);
});

test('neither the log nor the answer has the body of a request that failed', async (t) => {
  const lines = captureLog(t);

  const { error } = await post('{"password": hunter2}');

  assert.doesNotMatch(JSON.stringify([lines, error]), /hunter2/);
});
