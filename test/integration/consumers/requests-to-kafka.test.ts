import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type ProxiedKafka, startProxiedKafka } from '../../harness/proxy/proxied-kafka.ts';
import { until } from '../../harness/until.ts';

let kafka: ProxiedKafka;

before(async () => {
  kafka = await startProxiedKafka();
  configure(kafka.bootstrapServers);
});
after(() => kafka.stop());

test('a poll with records costs five requests, and one without four', async (t) => {
  const [topic, group] = [await createTopic({ partitions: 3, bootstrapServers: kafka.direct }), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, group);
  await consumer.subscribe([topic]);
  await consumer.values();

  // A poll that takes long looks once more at what it replaces.
  const asked = ['ConsumerGroupDescribe', 'OffsetFetch', 'ConsumerGroupHeartbeat', 'Fetch'];
  await until(async () => {
    await produce(topic, 'text', [{ value: 'b' }]);
    kafka.proxy.startCounting();
    assert.deepEqual(await consumer.values(), ['b']);
    return isDeepStrictEqual(requests(), [...asked, 'OffsetCommit'].sort());
  });
  await consumer.poll();
  kafka.proxy.startCounting();
  const none = await consumer.poll({ timeout: 50 });

  assert.deepEqual(none.json, []);
  assert.deepEqual(requests(), asked.sort());
});

const requests = (): string[] =>
  kafka.proxy
    .requests()
    .filter((name) => name !== 'ApiVersions')
    .sort();

test('a commit while a poll of the same instance waits is kept', async (t) => {
  const [topic, group] = [await createTopic({ bootstrapServers: kafka.direct }), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, group, { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await consumer.values();
  kafka.proxy.startCounting();
  const polling = consumer.values();
  await until(() => kafka.proxy.requests().includes('Fetch'));

  await consumer.commit([{ topic, partition: 0, offset: 0, metadata: 'mine' }]);
  await produce(topic, 'text', [{ value: 'b' }]);
  const values = await polling;
  const committed = await consumer.committed();

  assert.deepEqual(values, ['b']);
  assert.deepEqual(committed.json.offsets, [{ topic, partition: 0, offset: 1, metadata: 'mine' }]);
});

test('a seek while a poll of the same instance waits is kept, and the poll is refused', async (t) => {
  const [topic, group] = [await createTopic({ bootstrapServers: kafka.direct }), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, group, { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await consumer.values();
  kafka.proxy.startCounting();
  const polling = consumer.poll({ timeout: 8000 });
  await until(() => kafka.proxy.requests().includes('Fetch'));

  await consumer.seek([{ topic, partition: 0, offset: 0 }]);
  await produce(topic, 'text', [{ value: 'b' }]);
  const refused = await polling;

  assertRefused(refused, { status: 409, code: 40903, message: /Another request has moved this consumer/ });
  assert.deepEqual(await consumer.values(), ['a', 'b']);
});

test('of two polls of one instance at once, both get no record twice', async (t) => {
  const [topic, group] = [await createTopic({ bootstrapServers: kafka.direct }), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, group, { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await consumer.values();
  for (let i = 0; i < 5; i++) {
    await produce(topic, 'text', [{ value: `b${i}` }]);

    const answers = await Promise.all([1, 2, 3].map(() => consumer.poll({ timeout: 8000 })));

    const got = answers.flatMap(({ status, json }) => (status === 200 ? json.map(({ value }) => value) : []));
    assert.deepEqual(got, [`b${i}`]);
    for (const refused of answers.filter(({ status }) => status !== 200)) {
      assertRefused(refused, { status: 409, code: 40903, message: /Another request has moved this consumer/ });
    }
  }
});
