import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import { findCoordinator } from '../../../lib/kafka/protocol/find-coordinator.ts';
import { shareGroupHeartbeat } from '../../../lib/kafka/protocol/share-group-heartbeat.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { writeTransactionsWithJava } from '../../harness/kafka/java-clients.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { addPartitions, createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';
import { configureQueue, createQueue, describeQueue, LONG_MS, newQueue, receive, receiveSome, settleAll } from './queue-requests.ts';

// Added partitions are to be noticed soon.
configure(sharedKafka(), { KAFKA_METADATA_MAX_AGE_MS: '500' });

const ANSWER_MS = 10_000;

/** Receives until there are so many records, and acknowledges all of them. */
async function take(queue: string, topic: string, count: number, max = 100): Promise<unknown[]> {
  const values: unknown[] = [];
  while (values.length < count) {
    const { records, receipt } = await receiveSome(queue, { topics: [topic], max });
    values.push(...records.map(({ value }) => value));
    await settleAll(queue, 'ack', [receipt]);
  }
  return values;
}

test('records are received once, and gone when they are acknowledged', async () => {
  const [topic, queue] = [await createTopic(), await createQueue()];
  const headers = [{ key: 'h', value: 'eA==' }];
  await produce(topic, 'json', [{ key: 'k', value: { n: 1 }, headers }, { value: null }]);

  const { records, receipt, locked_until: lockedUntil } = await receiveSome(queue, { topics: [topic] });
  const others = await receive(queue, { topics: [topic], wait: 0 });
  await settleAll(queue, 'ack', [receipt]);
  const after = await receive(queue, { topics: [topic], wait: 300 });

  const [first, second] = records;
  assert.deepEqual([first.key, first.value, first.headers, first.deliveries, first.offset], ['k', { n: 1 }, headers, 1, 0]);
  assert.deepEqual([second.value, second.offset, records.length], [null, 1, 2]);
  assert.ok(lockedUntil !== null && lockedUntil > Date.now());
  for (const { json } of [others, after]) assert.deepEqual(json, { records: [], receipt: null, locked_until: null });
});

test('no more is received than was asked for, though all of it is one batch', async () => {
  const [topic, queue] = [await createTopic(), await createQueue()];
  await produce(
    topic,
    'json',
    Array.from({ length: 25 }, (_, n) => ({ value: n })),
  );

  const first = await receiveSome(queue, { topics: [topic], max: 2 });
  const second = await receiveSome(queue, { topics: [topic], max: 3 });

  assert.deepEqual(
    [first, second].map(({ records }) => records.map(({ offset }) => offset)),
    [
      [0, 1],
      [2, 3, 4],
    ],
  );
});

test('all partitions of several topics are served', async () => {
  const [one, other, queue] = [await createTopic({ partitions: 3 }), await createTopic(), await createQueue()];
  await produce(
    one,
    'json',
    [0, 1, 2].map((partition) => ({ value: partition, partition })),
  );
  await produce(other, 'json', [{ value: 3 }]);

  const values = new Set<unknown>();
  while (values.size < 4) {
    const { records, receipt } = await receiveSome(queue, { topics: [one, other] });
    for (const { value } of records) values.add(value);
    await settleAll(queue, 'ack', [receipt]);
  }

  const { json } = await describeQueue(queue);
  assert.deepEqual([...values].sort(), [0, 1, 2, 3]);
  assert.equal(Object(json).partitions.length, 4);
});

suite('formats', () => {
  const refused = { status: 422, code: 422, message: /^format goes with Accept: application\/json/ };

  for (const [format, value] of [
    ['binary', 'eyJhIjoxfQ=='],
    ['json', { a: 1 }],
    ['text', '{"a":1}'],
  ] as const) {
    test(`${format} is what Accept says, or what the body says with application/json`, async () => {
      const [topic, queue] = [await createTopic(), await createQueue()];
      await produce(topic, 'text', [{ value: '{"a":1}' }, { value: '{"a":1}' }]);

      const byAccept = await receive(queue, { topics: [topic], max: 1, wait: LONG_MS }, { headers: { accept: mediaTypes[format] } });
      const byBody = await receive(queue, { topics: [topic], max: 1, wait: LONG_MS, format }, { headers: { accept: 'application/json' } });

      assert.deepEqual([byAccept.headers['content-type'], byAccept.json.records[0].value], [mediaTypes[format], value]);
      assert.deepEqual([byBody.headers['content-type'], byBody.json.records[0].value], ['application/json', value]);
      assert.deepEqual(Object(byBody.json.records[0]).id, `${topic}@0#1`);
      const both = await receive(queue, { topics: [topic], format }, { headers: { accept: mediaTypes[format] } });
      assertRefused(both, { ...refused, mediaType: mediaTypes[format] });
    });
  }

  test('what the format cannot show comes with its bytes', async () => {
    const [topic, queue] = [await createTopic(), await createQueue()];
    await produce(topic, 'binary', [{ value: '/w==' }]);

    const { records } = await receiveSome(queue, { topics: [topic] });

    assert.deepEqual([records[0].value, records[0].raw_value, records[0].error?.error_code], [null, '/w==', 40801]);
  });
});

test('a queue begins with what comes, unless it is told to begin with what is there', async () => {
  const [topic, queue] = [await createTopic(), newQueue()];
  await produce(topic, 'json', [{ value: 'before' }]);

  const first = await receive(queue, { topics: [topic], wait: 1000 });
  await produce(topic, 'json', [{ value: 'after' }]);

  assert.deepEqual(first.json.records, []);
  assert.deepEqual(await take(queue, topic, 1), ['after']);
});

test('members that died while they joined keep nobody from the records, whatever Kafka had assigned them', async () => {
  const [topic, queue] = [await createTopic({ partitions: 3 }), await createQueue()];
  const connection = new BrokerConnection(sharedKafka(), { clientId: 'test', ssl: null }, null);
  await connection.connect();
  await until(async () => (await connection.send(findCoordinator(queue), ANSWER_MS)).error === 0);
  for (const member of ['one', 'two', 'three', 'four']) {
    const joining = shareGroupHeartbeat({ group: queue, member, epoch: 0, topics: [topic] });
    await until(async () => (await connection.send(joining, ANSWER_MS)).error === 0);
  }
  connection.close(new Error('its process was killed'));
  await produce(
    topic,
    'json',
    [0, 1, 2].map((partition) => ({ value: partition, partition })),
  );

  assert.deepEqual((await take(queue, topic, 3)).sort(), [0, 1, 2]);
});

test('partitions that are added later are served', async () => {
  const [topic, queue] = [await createTopic(), await createQueue()];
  await produce(topic, 'json', [{ value: 0 }]);
  assert.deepEqual(await take(queue, topic, 1), [0]);

  await addPartitions(topic, 3);
  await produce(topic, 'json', [{ value: 2, partition: 2 }]);

  assert.deepEqual(await take(queue, topic, 1), [2]);
});

test('what a transaction has aborted is not received, and its marks are in nobody’s way', async () => {
  const [topic, queue] = [await createTopic(), await createQueue()];
  const values = (...texts: string[]) => texts.map((text) => ({ value: Buffer.from(text) }));
  await writeTransactionsWithJava(topic, [
    { outcome: 'abort', records: values('1', '2') },
    { outcome: 'commit', records: values('3', '4') },
  ]);

  assert.deepEqual(await take(queue, topic, 2, 1), [3, 4]);
});

test('a receive is refused for what it cannot be', async () => {
  const [topic, queue] = [await createTopic(), await createQueue()];

  const answers = [
    await receive(queue, { topics: [] }),
    await receive(queue, { topics: topic }),
    await receive(queue, { topics: ['a topic'] }),
    await receive(queue, { topics: [`${topic}-not`] }),
    await receive(queue, { topics: [topic], max: 501 }),
    await receive(queue, { topics: [topic], wait: -1 }),
    await receive(queue, { topics: [topic], surplus: 1 }),
    await receive(queue, { topics: [topic], dead_letter_topic: topic }),
  ];

  assert.deepEqual(
    answers.map(({ status, json }) => [status, Object(json).error_code]),
    [
      [422, 422],
      [422, 422],
      [400, 40002],
      [404, 40401],
      [422, 422],
      [422, 422],
      [422, 422],
      [422, 422],
    ],
  );
});

test('settings are bounded by Kafka, and described', async () => {
  const queue = newQueue();

  const tooShort = await configureQueue(queue, { lock_ms: 2000 });
  const set = await configureQueue(queue, { lock_ms: 20_000, max_deliveries: 4 });
  const topic = await createTopic();
  await produce(topic, 'json', [{ value: 1 }]);
  const { locked_until: lockedUntil } = await receiveSome(queue, { topics: [topic] });
  const { json } = await describeQueue(queue);
  const listed = await call('GET', '/queues');

  assertRefused(tooShort, {
    status: 422,
    code: 422,
    message: /^Kafka refuses a setting of the queue: .*group.share.min.record.lock.duration.ms/,
  });
  assert.equal(set.status, 204, set.text);
  assert.ok(lockedUntil !== null && lockedUntil - Date.now() < 20_000);
  const expected = { group_id: queue, state: 'Empty', members: 0, auto_offset_reset: 'earliest', lock_ms: 20_000, delivery_limit: 4 };
  assert.deepEqual(json, { ...expected, partitions: Object(json).partitions });
  assert.ok(Object(listed.json).queues.some(({ group_id: name }: { group_id: string }) => name === queue));
});

test('a consumer group is no queue', async () => {
  const [topic, group] = [await createTopic(), newQueue()];
  await call('PUT', `/groups/${group}/offsets`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ offsets: [{ topic, offset: 'earliest' }] }),
  });

  assertRefused(await receive(group, { topics: [topic] }), { status: 409, code: 40903, message: /is a consumer group, and no queue/ });
});

test('records that need more room as JSON are all received before they count as delivered too often', async () => {
  const [topic, dead] = [await createTopic(), await createTopic()];
  const queue = await createQueue({ max_deliveries: 3, dead_letter_topic: dead });
  const values = Array.from({ length: 40 }, (_, n) => `${n};${'\x01'.repeat(90_000)}`);
  for (let i = 0; i < values.length; i += 10)
    await writeTopic(
      topic,
      values.slice(i, i + 10).map((value) => ({ value })),
    );
  const ask = { topics: [topic], max: 500, max_bytes: 4_000_000, format: 'text', dead_letter_topic: dead };
  const received = new Set<string>();

  await until(async () => {
    const { records, receipt } = await receiveSome(queue, ask);
    for (const { value } of records) received.add(String(value).split(';')[0]);
    await settleAll(queue, 'ack', [receipt]);
    return received.size + (await readTopic(dead)).length >= values.length;
  });

  assert.equal(received.size, values.length);
});

test('a worker that takes few bytes at once leaves others as many records as they ask for', async () => {
  const [topic, queue] = [await createTopic(), await createQueue()];
  await writeTopic(
    topic,
    Array.from({ length: 50 }, (_, n) => ({ value: `${n}` })),
  );

  const few = await receiveSome(queue, { topics: [topic], max: 20, max_bytes: 1 });
  const many = await receiveSome(queue, { topics: [topic], max: 40 });

  assert.deepEqual([few.records.length, many.records.length], [1, 40]);
});
