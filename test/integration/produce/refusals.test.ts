import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, post } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** Every test sends something to it, and none of it may be written. */
let topic: string;

before(async () => {
  topic = await createTopic();
});

const invalidUtf8 = Buffer.concat([Buffer.from('{"records":[{"value":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}]}')]);

for (const [what, format, body, status, message] of [
  ['base64 with a foreign character', 'binary', '{"records":[{"value":"eA=="},{"key":"a*b="}]}', 400, /^records\[1\]\.key is not base64/],
  ['the URL alphabet of base64', 'binary', '{"records":[{"value":"_-8="}]}', 400, /^records\[0\]\.value is not base64/],
  ['base64 of an impossible length', 'binary', '{"records":[{"value":"AAAAA"}]}', 400, /^records\[0\]\.value is not base64/],
  [
    'a header that is not base64',
    'json',
    '{"records":[{"headers":[{"key":"a","value":"?"}]}]}',
    400,
    /^records\[0\]\.headers\[0\]\.value is not base64/,
  ],
  ['JSON that ends too soon', 'json', '{"records":[{"value":1}', 400, /^Malformed JSON: expected .* where the text ends/],
  ['JSON with more behind it', 'json', '{"records":[{"value":1}]} x', 400, /^Malformed JSON: expected nothing more at byte 26/],
  ['a number with a leading zero', 'json', '{"records":[{"value":01}]}', 400, /^Malformed JSON/],
  [
    'a control character in a string',
    'text',
    '{"records":[{"value":"\n"}]}',
    400,
    /^Malformed JSON: expected a control character to be escaped/,
  ],
  ['bytes that are not UTF-8', 'text', invalidUtf8, 400, /UTF-8/],
  ['no body', 'json', '', 400, /^Malformed JSON/],
  ['a body that is a list', 'json', '[]', 422, /^The body must be an object/],
  ['no records', 'json', '{}', 422, /^records is missing/],
  ['records that are null', 'json', '{"records":null}', 422, /^records is missing/],
  ['empty records', 'json', '{"records":[]}', 422, /^records is empty/],
  ['records that are no list', 'json', '{"records":{}}', 422, /^records must be an array/],
  ['a record that is no object', 'json', '{"records":[{"value":1},2]}', 422, /^records\[1\] must be an object/],
  ['an unknown field of the body', 'json', '{"records":[{"value":1}],"topic":"a"}', 422, /^Unrecognized field: topic in the body/],
  ['an unknown field of a record', 'json', '{"records":[{"value":1,"ttl":1}]}', 422, /^Unrecognized field: ttl in records\[0\]/],
  [
    'a topic of a record where the path names it',
    'json',
    '{"records":[{"value":1,"topic":"a"}]}',
    422,
    /^Unrecognized field: topic in records\[0\]/,
  ],
  ['a field given twice', 'json', '{"records":[{"value":1,"value":2}]}', 422, /^records\[0\] has "value" twice/],
  ['a value that is no string', 'text', '{"records":[{"value":1}]}', 422, /^records\[0\]\.value must be a string/],
  ['half of a surrogate pair', 'text', '{"records":[{"value":"\\ud83d"}]}', 422, /^records\[0\]\.value holds half of a surrogate pair/],
  ['a partition below zero', 'json', '{"records":[{"value":1,"partition":-1}]}', 422, /^records\[0\]\.partition must be an integer/],
  ['a partition with a fraction', 'json', '{"records":[{"value":1,"partition":1.5}]}', 422, /^records\[0\]\.partition must be an integer/],
  [
    'a time that is none',
    'json',
    '{"records":[{"value":1,"timestamp":"soon"}]}',
    422,
    /^records\[0\]\.timestamp must be Unix milliseconds/,
  ],
  ['headers that are an object', 'json', '{"records":[{"value":1,"headers":{"a":"b"}}]}', 422, /^records\[0\]\.headers must be an array/],
  [
    'a schema where the format has none',
    'json',
    '{"records":[{"value":1}],"value_schema_id":1}',
    422,
    /^value_schema_id belongs to the schema formats/,
  ],
] as const) {
  test(`${what} is refused with its place, and nothing is written`, async () => {
    const answer = await call('POST', `/topics/${topic}`, { headers: { 'content-type': mediaTypes[format] }, body });

    assertRefused(answer, { status, code: status, message });
    assert.deepEqual(await readTopic(topic), []);
  });
}

test('a record without a topic is refused on POST /records', async () => {
  const answer = await post('/records', 'text', { records: [{ topic, value: 'a' }, { value: 'b' }] });

  assertRefused(answer, { status: 422, code: 422, message: /^records\[1\]\.topic is missing/ });
  assert.deepEqual(await readTopic(topic), []);
});

test('a topic that cannot exist is refused on POST /records', async () => {
  const answer = await post('/records', 'text', { records: [{ topic: 'a b', value: 'a' }] });

  assertRefused(answer, { status: 400, code: 40002, message: /^"a b" is not a topic name/ });
});

const LIMIT = 6 * 1024 * 1024;

for (const [what, contentType, body, encoding] of [
  ['records', mediaTypes.text, Buffer.from(`{"records":[{"value":"${'x'.repeat(LIMIT)}"}]}`), undefined],
  ['a raw body', 'text/plain', Buffer.alloc(LIMIT + 1, 'x'), undefined],
  ['a raw body in base64', 'application/octet-stream', Buffer.alloc(LIMIT + 1, 'x'), undefined],
  ['records that inflate', mediaTypes.text, gzipSync(Buffer.alloc(100 * 1024 * 1024)), 'gzip'],
] as const) {
  test(`${what} beyond 6 MB are 413`, async () => {
    const headers = { 'content-type': contentType, ...(encoding && { 'content-encoding': encoding }) };

    const answer = await call('POST', `/topics/${topic}`, { headers, body });

    assertRefused(answer, { status: 413, code: 413, message: /^The request body is larger than 6291456 bytes/ });
    assert.deepEqual(await readTopic(topic), []);
  });
}

for (const contentType of [
  'application/vnd.kafka.avro.v2+json',
  'application/vnd.kafka.jsonschema.v2+json',
  'application/vnd.kafka.protobuf.v2+json',
  'application/vnd.kafka.yaml.v2+json',
  'application/vnd.kafka.json.v9+json',
]) {
  test(`${contentType} is 415 and the error says what is taken`, async () => {
    const answer = await call('POST', `/topics/${topic}`, { headers: { 'content-type': contentType }, body: '{"records":[{"value":1}]}' });

    assertRefused(answer, { status: 415, code: 415, message: /not supported: use one of .*binary\.v2\+json.*v2\+json/ });
    assert.deepEqual(await readTopic(topic), []);
  });
}

test('an encoding other than gzip is 415 and says what is taken', async () => {
  const answer = await call('POST', '/topics/a', { headers: { 'content-type': mediaTypes.text, 'content-encoding': 'br' }, body: 'x' });

  assertRefused(answer, { status: 415, code: 415, message: /Content-Encoding "br" is not supported: use gzip or none/ });
  assert.equal(answer.headers['accept-encoding'], 'gzip, identity');
});

test('bytes that are not gzip are refused', async () => {
  const answer = await call('POST', '/topics/a', { headers: { 'content-type': mediaTypes.text, 'content-encoding': 'gzip' }, body: 'x' });

  assertRefused(answer, { status: 400, code: 400, message: /not whole and valid gzip/ });
});
