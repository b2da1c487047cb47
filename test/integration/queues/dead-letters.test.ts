import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { deleteRecordsBelow } from '../../harness/kafka/delete-records.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, withAdmin } from '../../harness/kafka/topics.ts';
import { GatewayProcesses } from '../../harness/queues/gateway-processes.ts';
import { until } from '../../harness/until.ts';
import { createQueue, describeQueue, receive, receiveSome, settle, settleAll } from './queue-requests.ts';

configure(sharedKafka(), { GATEWAY_QUEUES_DEAD_LETTER: '{topic}.dlq' });

const textHeaders = (headers: { key: string; value: Buffer | null }[]) => headers.map(({ key, value }) => [key, String(value)]);

test('a record that was delivered often enough is copied with its headers, where from and why, and comes no more', async () => {
  const [topic, dead] = [await createTopic(), await createTopic()];
  const queue = await createQueue({ max_deliveries: 2, dead_letter_topic: dead });
  await produce(topic, 'json', [{ key: 'k', value: { poison: true }, headers: [{ key: 'h', value: 'eA==' }] }, { value: 'fine' }]);
  const ask = { topics: [topic], dead_letter_topic: dead };

  const first = await receiveSome(queue, ask);
  await settleAll(queue, 'ack', [first.records[1].receipt]);
  await settleAll(queue, 'release', [first.records[0].receipt]);
  const second = await receiveSome(queue, ask);
  await settleAll(queue, 'release', [second.receipt]);
  const third = await receive(queue, { ...ask, wait: 5000 });
  const fourth = await receive(queue, { ...ask, wait: 300 });
  const letters = await readTopic(dead);

  assert.deepEqual(
    [first, second].map(({ records: [{ deliveries }] }) => deliveries),
    [1, 2],
  );
  assert.deepEqual([third.json.records, fourth.json.records], [[], []]);
  assert.deepEqual(
    letters.map(({ key, value }) => [String(key), String(value)]),
    [['"k"', '{"poison":true}']],
  );
  assert.deepEqual(textHeaders(letters[0].headers), [
    ['h', 'x'],
    ['dlq.topic', topic],
    ['dlq.partition', '0'],
    ['dlq.offset', '0'],
    ['dlq.deliveries', '2'],
    ['dlq.reason', 'deliveries'],
  ]);
});

test('what cannot be copied is not rejected: its next delivery is another try', async () => {
  const [topic, dead, tiny] = [await createTopic(), await createTopic(), await createTopic({ configs: { 'max.message.bytes': '100' } })];
  const queue = await createQueue({ max_deliveries: 1, dead_letter_topic: dead });
  await produce(topic, 'json', [{ value: 'x'.repeat(200) }]);
  const first = await receiveSome(queue, { topics: [topic] });
  await settleAll(queue, 'release', [first.receipt]);

  const failed = await receive(queue, { topics: [topic], dead_letter_topic: tiny, wait: 5000 });
  const copied = await receive(queue, { topics: [topic], dead_letter_topic: dead, wait: 5000 });
  const letters = await readTopic(dead);

  assert.deepEqual([failed.json.records, copied.json.records], [[], []]);
  assert.deepEqual(
    letters.map(({ value }) => String(value).length),
    [202],
  );
  assert.deepEqual(textHeaders(letters[0].headers)[3], ['dlq.deliveries', '2']);
});

test('what a worker rejects is copied first, with what it says', async () => {
  const [topic, dead] = [await createTopic(), await createTopic()];
  const queue = await createQueue();
  await produce(topic, 'json', [{ value: 1 }, { value: 2 }]);
  const { receipt } = await receiveSome(queue, { topics: [topic] });

  const rejected = await settle(queue, 'reject', [receipt], { reason: 'no such customer', dead_letter_topic: dead });
  const after = await receive(queue, { topics: [topic], wait: 300 });
  const letters = await readTopic(dead);

  assert.equal(rejected.status, 200, rejected.text);
  assert.deepEqual(after.json.records, []);
  assert.deepEqual(
    letters.map(({ value }) => String(value)),
    ['1', '2'],
  );
  assert.deepEqual(textHeaders(letters[1].headers).slice(-3), [
    ['dlq.offset', '1'],
    ['dlq.deliveries', '1'],
    ['dlq.reason', 'no such customer'],
  ]);
});

test('what retention has deleted meanwhile is rejected with the rest, which is copied', async () => {
  const [topic, dead] = [await createTopic(), await createTopic()];
  const queue = await createQueue();
  await produce(topic, 'json', [{ value: 1 }, { value: 2 }, { value: 3 }]);
  const { receipt } = await receiveSome(queue, { topics: [topic] });
  await deleteRecordsBelow(topic, 2);

  const rejected = await settle(queue, 'reject', [receipt], { dead_letter_topic: dead });
  const letters = await readTopic(dead);

  assert.equal(rejected.status, 200, rejected.text);
  assert.deepEqual(
    letters.map(({ value }) => String(value)),
    ['3'],
  );
});

test('what cannot be copied is not rejected', async () => {
  const topic = await createTopic();
  const queue = await createQueue();
  await produce(topic, 'json', [{ value: 1 }]);
  const { receipt } = await receiveSome(queue, { topics: [topic] });

  // The topic of the configuration is not there.
  const refused = await settle(queue, 'reject', [receipt]);

  assert.deepEqual([refused.status, Object(refused.json).error_code], [404, 40401]);
  await settleAll(queue, 'ack', [receipt]);
});

test('a topic whose dead letter topic would have too long a name is not received from unless the request names another', async () => {
  const [queue, topic] = [await createQueue(), 'x'.repeat(246)];

  const refused = await receive(queue, { topics: [topic] });
  const named = await receive(queue, { topics: [topic], dead_letter_topic: await createTopic() });

  assert.equal(refused.status, 400, refused.text);
  assert.match(refused.text, /40002.*would have more than 249 characters: name another one in dead_letter_topic/);
  // It gets as far as Kafka, which has no such topic.
  assert.equal(named.status, 404, named.text);
});

test('no copy is lost when processes are killed as soon as one is there: at most it is there twice', async () => {
  const [topic, dead] = [await createTopic(), await createTopic()];
  const queue = await createQueue({ max_deliveries: 1, lock_ms: 15_000, dead_letter_topic: dead });
  const values = ['0', '1', '2'];
  await produce(
    topic,
    'text',
    values.map((value) => ({ value })),
  );
  await using processes = new GatewayProcesses(1, { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() });
  const ask = { topics: [topic], max: 1, format: 'text', dead_letter_topic: dead };
  const copies = (): Promise<number> =>
    withAdmin(undefined, async (admin) => (await admin.fetchTopicOffsets(dead)).reduce((sum, { offset }) => sum + Number(offset), 0));
  const receiveWithin = (wait: number) => processes.request('POST', `/queues/${queue}/receive`, { ...ask, wait });
  // Every record is delivered once, and given back.
  const { receipt } = await receiveSome(queue, { topics: [topic], dead_letter_topic: dead });
  await settleAll(queue, 'release', [receipt]);

  // The next delivery of each is one too many: it is copied, and its process killed in the midst of that.
  for (const _ of values) {
    const before = await copies();
    const receiving = receiveWithin(10_000);
    await until(async () => (await copies()) > before);
    await processes.killOne();
    await receiving;
  }
  // Nobody is killed any more: what was copied and not rejected is copied again, and comes no more.
  await until(async () => {
    await receiveWithin(300);
    return Object((await describeQueue(queue)).json).partitions[0].lag === 0;
  });

  const letters = await readTopic(dead);
  assert.deepEqual([...new Set(letters.map(({ value }) => String(value)))].sort(), values);
});
