import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResult } from '../../../lib/http/response.ts';

test('a response is 200 in the generic media type unless it says otherwise', () => {
  assert.deepEqual(toResult({ body: '{}' }, 'id-1'), {
    statusCode: 200,
    headers: { 'content-type': 'application/vnd.kafka.v2+json', 'cache-control': 'no-store', 'x-request-id': 'id-1' },
    body: '{}',
  });
});

test('status, media type and headers are those of the route', () => {
  const result = toResult(
    { status: 201, mediaType: 'application/json', headers: { 'Kafka-Next-Offset': '7', 'Cache-Control': 'private' }, body: 'ü' },
    'id-1',
  );

  assert.deepEqual(result, {
    statusCode: 201,
    headers: { 'content-type': 'application/json', 'cache-control': 'private', 'x-request-id': 'id-1', 'kafka-next-offset': '7' },
    body: 'ü',
  });
});

test('a header cannot be split', () => {
  const { headers } = toResult({ headers: { link: '</a>\r\nset-cookie: b\0\u2028' }, body: '' }, 'id-1');

  assert.equal(headers.link, '</a>  set-cookie: b  ');
});

test('a response without content has no media type', () => {
  const { statusCode, headers, body } = toResult({ status: 204, mediaType: 'text/plain', body: '' }, 'id');

  assert.deepEqual([statusCode, body, 'content-type' in headers, headers['x-request-id']], [204, '', false, 'id']);
});
