import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { compressionNames } from '../../../lib/kafka/compression/names.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { base64, followLinks, post, produce } from '../../harness/http/requests.ts';
import { readWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const values = Array.from({ length: 300 }, (_, i) => `${i} ${'kafka '.repeat(i % 50)}${base64(Buffer.alloc(i % 40, i * 7))}`);
const records = values.map((value, i) => ({ key: `k${i}`, value, headers: [{ key: 'n', value: base64(String(i)) }] }));

for (const acks of ['all', '1']) {
  test(`with acks=${acks} offsets are where the records are`, async () => {
    const topic = await createTopic();

    const results = await produce(topic, 'text', records, { query: { acks } });
    const more = await produce(topic, 'text', [{ value: 'more' }], { query: { acks } });

    const stored = await readTopic(topic);
    assert.deepEqual(
      stored.map(({ value }) => value?.toString()),
      [...values, 'more'],
    );
    assert.deepEqual(
      [...results, ...more].map(({ offset }) => offset),
      stored.map(({ offset }) => offset),
    );
  });
}

test('with acks=0 records are written, and the answer knows the partition but no offset', async () => {
  const topic = await createTopic();

  const [unasked] = await produce(topic, 'text', [{ value: 'a' }], { query: { acks: 0 } });
  // One connection, in order: what is acknowledged now was preceded by what was not.
  const [acknowledged] = await produce(topic, 'text', [{ value: 'b' }]);

  assert.deepEqual([unasked.partition, unasked.offset, acknowledged.offset], [0, -1, 1]);
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => value?.toString()),
    ['a', 'b'],
  );
});

test('with acks=0, too, an unknown topic is 404', async () => {
  const answer = await post('/topics/no-such-topic', 'text', { records: [{ value: 'a' }] }, { query: 'acks=0' });

  assertRefused(answer, { status: 404, code: 40401, message: /no topic no-such-topic/ });
});

test('what Kafka refuses with acks=0 costs its connection, and no later record', async () => {
  const topic = await createTopic({ configs: { 'max.message.bytes': '1000' } });

  const [large] = await produce(topic, 'text', [{ value: base64(randomBytes(2000)) }], { query: 'acks=0' });
  const later = [await produce(topic, 'text', [{ value: 'a' }]), await produce(topic, 'text', [{ value: 'b' }])];

  assert.equal(large.offset, -1);
  assert.deepEqual(
    later.map(([{ offset }]) => offset),
    [0, 1],
  );
});

test('with async=true the answer is 204 and nothing more, and the records are there', async () => {
  const topic = await createTopic();

  const answer = await post(`/topics/${topic}`, 'text', { records }, { query: 'async=true' });

  assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [204, '', undefined]);
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => value?.toString()),
    values,
  );
});

test('with async=true, too, an error is answered, of all records and of one', async () => {
  const topic = await createTopic();

  const unknown = await post('/topics/no-such-topic', 'text', { records: [{ value: 'a' }] }, { query: 'async=true' });
  const some = await post(`/topics/${topic}`, 'text', { records: [{ value: 'a' }, { value: 'b', partition: 7 }] }, { query: 'async=true' });

  assertRefused(unknown, { status: 404, code: 40401, message: /no topic no-such-topic/ });
  assertRefused(some, { status: 404, code: 40402, message: /^1 of 2 records failed, the others are written; the first is records\[1\]: / });
  assert.equal((await readTopic(topic)).length, 1);
});

for (const compression of compressionNames) {
  test(`what is written with compression=${compression} is read by Java and by the gateway`, async () => {
    const topic = await createTopic();

    await produce(topic, 'text', records, { query: { compression } });

    const [stored, fetched] = await Promise.all([readWithJava(topic), followLinks(topic, 'text', 'offset=0&timeout=0')]);
    assert.deepEqual(
      stored.map(({ key, value, headers }) => [key?.toString(), value?.toString(), headers.map((header) => header.value?.toString())]),
      values.map((value, i) => [`k${i}`, value, [String(i)]]),
    );
    assert.deepEqual(
      fetched.flat().map(({ value }) => value),
      values,
    );
  });
}

for (const compression of ['gzip', 'snappy', 'lz4', 'zstd']) {
  test(`a large batch with compression=${compression}, of what shrinks and what does not, is read by Java`, async () => {
    const topic = await createTopic();
    const large = ['kafka '.repeat(40_000), base64(randomBytes(200_000)), JSON.stringify(records), base64(Buffer.alloc(150_000))];

    const results = await produce(
      topic,
      'text',
      large.map((value) => ({ value })),
      { query: { compression } },
    );

    assert.deepEqual(
      results.map(({ offset }) => offset),
      [0, 1, 2, 3],
    );
    assert.deepEqual(
      (await readWithJava(topic)).map(({ value }) => value?.toString()),
      large,
    );
  });
}

for (const compression of ['none', 'gzip']) {
  test(`what is written with compression=${compression} is read by kafkajs`, async () => {
    const topic = await createTopic();

    await produce(topic, 'text', records, { query: { compression } });

    const stored = await readTopic(topic);
    assert.deepEqual(
      stored.map(({ value }) => value?.toString()),
      values,
    );
  });
}

for (const [query, message] of [
  ['acks=2', /acks must be all, 1 or 0/],
  ['acks=', /acks must be/],
  ['acks=-1', /acks must be/],
  ['acks=1&acks=1', /acks is given more than once/],
  ['compression=brotli', /compression must be none, gzip, snappy, lz4 or zstd/],
  ['compression=%FF', /query string/],
] as const) {
  test(`?${query} is refused`, async () => {
    const answer = await post('/topics/a', 'text', { records: [{ value: 'x' }] }, { query });

    assertRefused(answer, { status: 400, code: 400, message });
  });
}
