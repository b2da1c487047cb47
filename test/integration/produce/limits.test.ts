import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { base64, post, produce } from '../../harness/http/requests.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const valuesOf = async (topic: string) => (await readTopic(topic)).map(({ value }) => value?.toString());

test('10,000 records in one request, several batches of a partition, keep their order', async () => {
  const topic = await createTopic({ partitions: 2 });
  const records = Array.from({ length: 10_000 }, (_, i) => ({ value: `${i} ${'x'.repeat(250)}`, partition: Math.floor(i / 2) % 2 }));

  const results = await produce(topic, 'text', records);

  const stored = await readWithJava(topic);
  for (const partition of [0, 1]) {
    assert.deepEqual(
      stored.filter((record) => record.partition === partition).map(({ offset, value }) => [offset, value?.toString()]),
      records.flatMap((record, i) => (record.partition === partition ? [[results[i].offset, record.value]] : [])),
    );
  }
});

test('a record larger than max.message.bytes fails alone', async () => {
  const topic = await createTopic({ configs: { 'max.message.bytes': '10000' } });
  const large = randomBytes(10_000).toString('hex');

  const answer = await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }, { value: large }, { value: 'b' }] });

  assert.equal(answer.status, 200, answer.text);
  const [a, refused, b] = answer.json.offsets;
  assert.deepEqual([a.offset, b.offset], [0, 1]);
  assert.deepEqual(refused, { partition: null, offset: null, timestamp: null, error_code: 413, error: refused.error });
  assert.match(refused.error ?? '', /max\.message\.bytes/);
  assert.deepEqual(await valuesOf(topic), ['a', 'b']);
});

test('a record larger than max.message.bytes by itself is 413', async () => {
  const topic = await createTopic();

  const answer = await post(`/topics/${topic}`, 'binary', { records: [{ value: base64(randomBytes(1_100_000)) }] });

  assertRefused(answer, { status: 413, code: 413, message: /max\.message\.bytes: send a smaller one/ });
  assert.deepEqual(await valuesOf(topic), []);
});

test('records that do not fit into a segment together are written, and one that does not fit by itself fails alone', async () => {
  // Before Kafka 4.0, segment.bytes may be as small.
  const topic = await createTopic({ configs: { 'internal.segment.bytes': '100000' } });
  const values = Array.from({ length: 100 }, (_, i) => `${i} ${'x'.repeat(2000)}`);
  const large = randomBytes(60_000).toString('hex');

  const answer = await post(`/topics/${topic}`, 'text', { records: [...values, large].map((value) => ({ value })) });

  assert.equal(answer.status, 200, answer.text);
  const refused = answer.json.offsets.at(-1);
  assert.equal(refused?.error_code, 413);
  assert.match(refused.error ?? '', /larger than a segment of the topic's log/);
  assert.deepEqual(await valuesOf(topic), values);
});

test('a record larger than our batches, within the topic’s limit, is written', async () => {
  const topic = await createTopic({ configs: { 'max.message.bytes': '4000000' } });
  const large = randomBytes(1_500_000).toString('hex');

  await produce(topic, 'text', [{ value: 'a' }, { value: large }, { value: 'b' }]);

  assert.deepEqual(await valuesOf(topic), ['a', large, 'b']);
});

test('records that fit one by one but not as one batch are split, in order, now and the next time', async () => {
  const topic = await createTopic({ configs: { 'max.message.bytes': '2000' } });
  const values = Array.from({ length: 100 }, (_, i) => `${i}:${'x'.repeat(150)}`);
  const records = values.map((value) => ({ value }));

  const first = await produce(topic, 'text', records);
  const second = await produce(topic, 'text', records);

  assert.deepEqual(
    [...first, ...second].map(({ offset }) => offset),
    Array.from({ length: 200 }, (_, i) => i),
  );
  assert.deepEqual(await valuesOf(topic), [...values, ...values]);
});

test('a compacted topic refuses records without a key, and takes the others of the request', async () => {
  const [compacted, plain] = [await createTopic({ configs: { 'cleanup.policy': 'compact' } }), await createTopic()];
  const records = [
    { topic: compacted, key: 'a', value: 'first' },
    { topic: compacted, value: 'no key' },
    { topic: plain, value: 'elsewhere' },
    { topic: compacted, key: 'b', value: 'second' },
    { topic: compacted, value: 'no key either' },
  ];

  const answer = await post('/records', 'text', { records });

  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.json.offsets.map(({ offset, error_code }) => [offset, error_code]),
    [
      [0, null],
      [null, 422],
      [0, null],
      [1, null],
      [null, 422],
    ],
  );
  assert.match(answer.json.offsets[1].error ?? '', /keys .* compacted/);
  assert.deepEqual([await valuesOf(compacted), await valuesOf(plain)], [['first', 'second'], ['elsewhere']]);
});

test('records without a key for a compacted topic, and nothing else, are 422', async () => {
  const topic = await createTopic({ configs: { 'cleanup.policy': 'compact' } });

  const answer = await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }, { value: 'b' }] });

  assertRefused(answer, { status: 422, code: 422, message: /keys .* compacted/ });
  assert.deepEqual(await valuesOf(topic), []);
});

test('records at a time that the topic does not take fail alone', async () => {
  const topic = await createTopic({ configs: { 'message.timestamp.before.max.ms': '86400000' } });
  const records = [
    { value: 'now' },
    { value: 'too old', timestamp: '2001-01-01' },
    { value: 'now, too' },
    { value: 'too far', timestamp: '2999-01-01' },
  ];

  const answer = await post(`/topics/${topic}`, 'text', { records });

  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.json.offsets.map(({ offset, error_code }) => [offset, error_code]),
    [
      [0, null],
      [null, 40002],
      [1, null],
      [null, 40002],
    ],
  );
  assert.match(answer.json.offsets[1].error ?? '', /timestamp is further from now than the topic allows/);
  assert.deepEqual(await valuesOf(topic), ['now', 'now, too']);
});
