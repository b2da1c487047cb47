import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produceText } from '../../harness/http/requests.ts';
import { readTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { addPartitions, createTopic, withAdmin } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

interface TopicBody {
  name: string;
  configs: Record<string, string | null>;
  partitions: object[];
}

const partition = (id: number) => ({ partition: id, leader: 1, replicas: [{ broker: 1, leader: true, in_sync: true }] });

test('topics are listed by name, sorted, internal ones left out', async () => {
  const topic = await createTopic();
  await produceText(topic, 'x');
  await readTopic(topic); // as a group, for which Kafka keeps an internal topic
  const all = await withAdmin(undefined, (admin) => admin.listTopics());
  assert.ok(all.includes('__consumer_offsets'));

  const answer = await call<string[]>('GET', '/topics');

  assert.deepEqual([answer.status, answer.headers['content-type']], [200, mediaTypes.generic]);
  assert.ok(answer.json.includes(topic));
  assert.deepEqual(
    answer.json.filter((name) => name.startsWith('__')),
    [],
  );
  assert.deepEqual(answer.json, answer.json.toSorted());
});

test('a topic has its name, its settings as text, and its partitions with leader and replicas', async () => {
  const topic = await createTopic({ partitions: 2, configs: { 'max.message.bytes': '12345', 'cleanup.policy': 'compact' } });

  const { status, json } = await call<TopicBody>('GET', `/topics/${topic}`);

  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json), ['name', 'configs', 'partitions']);
  assert.equal(json.name, topic);
  assert.deepEqual([json.configs['max.message.bytes'], json.configs['cleanup.policy']], ['12345', 'compact']);
  assert.equal(json.configs['compression.type'], 'producer');
  assert.deepEqual(json.partitions, [partition(0), partition(1)]);
});

test('partitions are shown together and one by one', async () => {
  const topic = await createTopic({ partitions: 12 });

  const all = await call('GET', `/topics/${topic}/partitions`);
  const one = await call('GET', `/topics/${topic}/partitions/11/`);

  assert.deepEqual(
    all.json,
    Array.from({ length: 12 }, (_, id) => partition(id)),
  );
  assert.deepEqual(one.json, partition(11));
});

test('brokers are shown by their ids', async () => {
  const answer = await call('GET', '/brokers');

  assert.deepEqual([answer.status, answer.text], [200, '{"brokers":[1]}']);
});

test('the root tells name and version', async () => {
  const answer = await call<{ name: string; version: string }>('GET', '/');

  assert.deepEqual([answer.status, Object.keys(answer.json)], [200, ['name', 'version']]);
  assert.match(answer.json.version, /^\d+\.\d+\.\d+$/);
});

test('health is fine by itself, and ready where Kafka answers', async () => {
  const [health, ready] = [await call('GET', '/health'), await call('GET', '/health/ready')];

  assert.deepEqual([health.status, health.json], [200, { status: 'ok' }]);
  assert.deepEqual([ready.status, ready.json], [200, { status: 'ready', brokers: 1 }]);
});

test('an unknown topic or partition is 404', async () => {
  const topic = await createTopic();
  const noTopic = { status: 404, code: 40401, message: /no topic topic-.*-not/ };

  for (const path of ['', '/partitions', '/partitions/0']) assertRefused(await call('GET', `/topics/${topic}-not${path}`), noTopic);
  const noPartition = await call('GET', `/topics/${topic}/partitions/1`);
  assertRefused(noPartition, { status: 404, code: 40402, message: /no partition 1, as it has 1/ });
});

test('what is changed on a topic shows at once', async () => {
  const topic = await createTopic();
  await call('GET', `/topics/${topic}`);
  await addPartitions(topic, 2);

  const { json } = await call<TopicBody>('GET', `/topics/${topic}`);

  assert.deepEqual(json.partitions, [partition(0), partition(1)]);
});
