import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { base64, post, produce, produceText } from '../../harness/http/requests.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { addPartitions, createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

test('a key meets the partition that Java’s producer chooses', async () => {
  const [ours, javas] = await Promise.all([createTopic({ partitions: 23 }), createTopic({ partitions: 23 })]);
  const keys = Array.from({ length: 500 }, (_, i) => Buffer.from(Array.from({ length: i % 41 }, (_, at) => (i * 31 + at * 97) & 255)));

  const results = await produce(
    ours,
    'binary',
    keys.map((key) => ({ key: base64(key), value: '' })),
  );

  const expected = await writeWithJava(
    javas,
    keys.map((key) => ({ key, value: null })),
  );
  assert.deepEqual(
    results.map(({ partition }) => partition),
    expected.map(({ partition }) => partition),
  );
});

test('a record’s own partition wins over the path’s, and the path’s over the key', async () => {
  const topic = await createTopic({ partitions: 8 });
  const records = [{ value: 'a', partition: 3 }, { value: 'b' }, { value: 'c', key: 'key' }, { value: 'd', partition: null, key: 'other' }];

  const answer = await post(`/topics/${topic}/partitions/5`, 'text', { records });

  assert.deepEqual(
    answer.json.offsets.map(({ partition, offset }) => [partition, offset]),
    [
      [3, 0],
      [5, 0],
      [5, 1],
      [5, 2],
    ],
  );
});

test('results stand in request order, whatever partitions the records went to', async () => {
  const topic = await createTopic({ partitions: 4 });
  const records = Array.from({ length: 200 }, (_, i) => ({ value: String(i), partition: (i * 7) % 4 }));

  const results = await produce(topic, 'text', records);

  const stored = new Map((await readTopic(topic)).map(({ partition, offset, value }) => [`${partition}@${offset}`, value?.toString()]));
  assert.deepEqual(
    results.map(({ partition, offset }) => stored.get(`${partition}@${offset}`)),
    records.map(({ value }) => value),
  );
});

test('records without a key spread evenly, over requests and within a large one', async () => {
  const topic = await createTopic({ partitions: 4 });
  const large = Array.from({ length: 400 }, () => ({ value: 'x'.repeat(1000) }));

  const partitions: (number | null)[] = [];
  for (let i = 0; i < 40; i++) partitions.push((await produceText(topic, 'x')).partition);
  const spread = await produce(topic, 'text', large);

  assert.deepEqual(countOf(partitions), [10, 10, 10, 10]);
  for (const count of countOf(spread.map(({ partition }) => partition))) assert.ok(count >= 80 && count <= 120, `${count} of 400`);
});

function countOf(partitions: readonly (number | null)[]): number[] {
  const counts = [0, 0, 0, 0];
  for (const partition of partitions) counts[partition ?? -1]++;
  return counts;
}

test('one request writes to several topics, each record naming its own', async () => {
  const [a, b] = await Promise.all([createTopic({ partitions: 2 }), createTopic()]);
  const records = [
    { topic: a, value: 'a0', partition: 1 },
    { topic: b, value: 'b0' },
    { topic: a, value: 'a1', partition: 1 },
  ];

  const answer = await post('/records', 'text', { records });

  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.json.offsets.map(({ topic, partition, offset }) => [topic, partition, offset]),
    [
      [a, 1, 0],
      [b, 0, 0],
      [a, 1, 1],
    ],
  );
  const values = async (topic: string) => (await readTopic(topic)).map(({ value }) => value?.toString());
  assert.deepEqual([await values(a), await values(b)], [['a0', 'a1'], ['b0']]);
});

test('one bad partition and one unknown topic fail their own records only', async () => {
  const topic = await createTopic({ partitions: 2 });
  const records = [
    { topic, value: 'a', partition: 1 },
    { topic, value: 'b', partition: 2 },
    { topic: `${topic}-not`, value: 'c' },
    { topic, value: 'd', partition: 1 },
  ];

  const answer = await post('/records', 'text', { records });

  assert.equal(answer.status, 200);
  const [a, b, c, d] = answer.json.offsets;
  assert.deepEqual([a.partition, a.offset, a.error_code, a.error], [1, 0, null, null]);
  assert.deepEqual(b, { topic, partition: null, offset: null, timestamp: null, error_code: 40402, error: b.error });
  assert.match(b.error ?? '', /no partition 2, as it has 2/);
  assert.deepEqual(c, { topic: `${topic}-not`, partition: null, offset: null, timestamp: null, error_code: 40401, error: c.error });
  assert.match(c.error ?? '', /no topic/);
  assert.deepEqual([d.partition, d.offset], [1, 1]);
  assert.deepEqual(
    (await readTopic(topic)).map(({ value }) => value?.toString()),
    ['a', 'd'],
  );
});

test('when every record fails for one reason, the response is that error', async () => {
  const topic = await createTopic();

  const partition = await post(`/topics/${topic}/partitions/1`, 'text', { records: [{ value: 'a' }, { value: 'b' }] });
  const unknown = await post(`/topics/${topic}-not`, 'text', { records: [{ value: 'a' }] });

  assertRefused(partition, { status: 404, code: 40402, message: /has no partition 1, as it has 1/ });
  assertRefused(unknown, { status: 404, code: 40401, message: /no topic topic-/ });
  assert.deepEqual(await readTopic(topic), []);
});

test('partitions that were added since the first request are found', async () => {
  const topic = await createTopic();
  await produceText(topic, 'x');
  await addPartitions(topic, 3);

  const [result] = await produce(topic, 'text', [{ value: 'x', partition: 2 }]);

  assert.deepEqual([result.partition, result.offset], [2, 0]);
});
