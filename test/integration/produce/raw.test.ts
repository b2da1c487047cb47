import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { call, configure, type RequestParts } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { type ReadRecord, readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** Posts a body as it is to a topic of its own; returns the one record that came of it. */
async function storedOf(parts: RequestParts): Promise<ReadRecord> {
  const topic = await createTopic();

  const answer = await call('POST', `/topics/${topic}`, parts);

  assert.equal(answer.status, 200, answer.text);
  const records = await readTopic(topic);
  assert.equal(records.length, 1);
  return records[0];
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

for (const [contentType, body] of [
  ['text/csv; charset=utf-8', 'id,price\r\n1,1.10\r\n'],
  ['text/plain', ' two  spaces \n'],
  ['application/x-www-form-urlencoded', 'a=1&b=%20+x'],
  ['application/xml', '<a>\n <b/>\n</a>'],
  ['application/octet-stream', everyByte],
  ['image/png', everyByte],
] as const) {
  test(`a body of ${contentType} is the value, byte for byte`, async () => {
    const { key, value, headers } = await storedOf({ headers: { 'content-type': contentType }, body });

    assert.deepEqual(value, Buffer.from(body));
    assert.deepEqual([key, headers], [null, []]);
  });
}

test('a body without a content type is the value, byte for byte', async () => {
  const { value } = await storedOf({ body: everyByte });

  assert.deepEqual(value, everyByte);
});

for (const contentType of ['application/json', 'application/cloudevents+json', 'application/JSON; charset=utf-8']) {
  test(`a webhook of ${contentType} is checked and loses insignificant whitespace, nothing else`, async () => {
    const body = '{ "id" : 12345678901234567890,\n  "price" : 1.10, "id" : [ 1e400 ], "text" : "a  b" }\n';

    const { value } = await storedOf({ headers: { 'content-type': contentType }, body });

    assert.equal(value?.toString(), '{"id":12345678901234567890,"price":1.10,"id":[1e400],"text":"a  b"}');
  });
}

test('JSON null is four bytes of value, and an empty body an empty one: no tombstones', async () => {
  const json = await storedOf({ headers: { 'content-type': 'application/json' }, body: ' null ' });
  const empty = await storedOf({ headers: { 'content-type': 'text/plain' }, body: '' });
  const absent = await storedOf({});

  assert.equal(json.value?.toString(), 'null');
  assert.deepEqual([empty.value, absent.value], [Buffer.alloc(0), Buffer.alloc(0)]);
});

test('a gzipped raw body is inflated', async () => {
  const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };

  const { value } = await storedOf({ headers, body: gzipSync('1\n2\n') });

  assert.equal(value?.toString(), '1\n2\n');
});

test('request headers give key, partition and record headers', async () => {
  const topic = await createTopic({ partitions: 3 });
  const headers = {
    'kafka-key': 'Schlüssel',
    'kafka-partition': '2',
    'kafka-header-trace': '1',
    'kafka-header-x-empty': '',
    'kafka-header-': 'no name',
    'x-other': 'none of Kafka’s',
  };

  const answer = await call('POST', `/topics/${topic}`, { headers, body: 'x' });

  assert.equal(answer.status, 200, answer.text);
  const [record] = await readWithJava(topic);
  assert.equal(record.partition, 2);
  assert.equal(record.key?.toString(), 'Schlüssel');
  assert.deepEqual(
    record.headers.map(({ key, value }) => [key, value?.toString()]),
    [
      ['trace', '1'],
      ['x-empty', ''],
      ['', 'no name'],
    ],
  );
});

test('an empty kafka-key is an empty key', async () => {
  const { key } = await storedOf({ headers: { 'kafka-key': '' }, body: 'x' });

  assert.deepEqual(key, Buffer.alloc(0));
});

test('the path names the partition of a raw body, and the header wins over it', async () => {
  const topic = await createTopic({ partitions: 3 });

  await call('POST', `/topics/${topic}/partitions/1`, { body: 'by path' });
  await call('POST', `/topics/${topic}/partitions/1`, { headers: { 'kafka-partition': '2' }, body: 'by header' });

  const records = await readTopic(topic);
  assert.deepEqual(
    records.map(({ partition, value }) => [partition, value?.toString()]),
    [
      [1, 'by path'],
      [2, 'by header'],
    ],
  );
});

test('key-path names the field whose text is the key, and the header wins over it', async () => {
  const topic = await createTopic();
  const headers = { 'content-type': 'application/json' };
  const body = '{"order":{"items":[{"id":1.10},{"id":"b\\u00e9"}]}}';

  for (const path of ['order.items.0.id', 'order.items.1.id', 'order.items.2.id', 'order.items', '*.items.#(id<2).id', 'order.items.#']) {
    await call('POST', `/topics/${topic}`, { headers, query: { 'key-path': path }, body });
  }
  await call('POST', `/topics/${topic}`, { headers: { ...headers, 'kafka-key': 'k' }, query: { 'key-path': 'order' }, body });

  const records = await readTopic(topic);
  assert.deepEqual(
    records.map(({ key }) => key?.toString() ?? null),
    ['1.10', 'bé', null, '[{"id":1.10},{"id":"b\\u00e9"}]', '1.10', '2', 'k'],
  );
});

test('POST /records takes the topic of a raw body from its header', async () => {
  const topic = await createTopic();

  const answer = await call('POST', '/records', { headers: { 'kafka-topic': topic }, body: 'x' });

  assert.deepEqual(Object(answer.json).offsets[0].topic, topic);
  const [record] = await readTopic(topic);
  assert.equal(record.value?.toString(), 'x');
});

for (const [what, path, parts, code, message] of [
  ['malformed JSON', '', { headers: { 'content-type': 'application/json' }, body: '{"a":1,}' }, 400, /^Malformed JSON: .* at byte 7/],
  ['an empty JSON body', '', { headers: { 'content-type': 'application/json' }, body: '' }, 400, /^Malformed JSON/],
  ['a partition that is no number', '', { headers: { 'kafka-partition': '1.5' }, body: 'x' }, 400, /kafka-partition must be an integer/],
  [
    'a topic in the header and in the path',
    '',
    { headers: { 'kafka-topic': 'a' }, body: 'x' },
    400,
    /kafka-topic cannot be used where the path names the topic/,
  ],
  ['no topic at all', '/records', { body: 'x' }, 400, /kafka-topic is missing/],
  ['an empty key path', '', { headers: { 'content-type': 'application/json' }, query: 'key-path=', body: '{}' }, 400, /key-path must be/],
  [
    'a key path with a modifier',
    '',
    { headers: { 'content-type': 'application/json' }, query: 'key-path=a.@this', body: '{}' },
    400,
    /key path/,
  ],
] as const) {
  test(`${what} is refused and nothing is written`, async () => {
    const topic = await createTopic();

    const answer = await call('POST', path || `/topics/${topic}`, parts);

    assertRefused(answer, { status: code, code, message });
    assert.deepEqual(await readTopic(topic), []);
  });
}
