import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePartitions, listBrokers, listTopics, topicConfigs } from '../../../../lib/kafka/topics/describe-topics.ts';
import { describeConfigsAnswer, type MetadataContent } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, type Respond, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const clusterWith = (content: MetadataContent, others: Respond = () => assert.fail()) =>
  new FakeCluster({ 'broker-1:9092': withMetadata(() => ({ brokers: brokersOf(1), ...content }), others) });
const in10s = () => Date.now() + 10_000;

test('topics are listed in order, without internal ones and those that cannot be described', async () => {
  const cluster = clusterWith({
    topics: [
      topicOn('orders', 1),
      { ...topicOn('__consumer_offsets', 1), internal: true },
      topicOn('Clicks', 1),
      { ...topicOn('broken'), error: 29 },
    ],
  });

  assert.deepEqual(await listTopics(cluster, in10s()), ['Clicks', 'orders']);
});

test('brokers are listed by their numbers', async () => {
  const brokers = [10, 9, 100].map((id) => ({ id, host: 'broker-1', port: 9092 }));

  assert.deepEqual(await listBrokers(clusterWith({ brokers }), in10s()), [9, 10, 100]);
});

test('partitions are described as Kafka has them now, in order', async () => {
  const partitions = [
    { id: 2, leader: 1, replicas: [1, 2], inSyncReplicas: [1] },
    { id: 0, leader: 2, replicas: [2, 1], inSyncReplicas: [2, 1] },
    { id: 1, leader: -1, error: 5, replicas: [3], inSyncReplicas: [] },
  ];
  const content: MetadataContent = { topics: [{ name: 'orders', partitions }] };
  const cluster = clusterWith(content);

  const first = await describePartitions(cluster, 'orders', in10s());
  content.topics = [topicOn('orders', 1)];
  const second = await describePartitions(cluster, 'orders', in10s());

  assert.deepEqual(
    first.map(({ id }) => id),
    [0, 1, 2],
  );
  assert.deepEqual(first[2], { error: 0, id: 2, leader: 1, leaderEpoch: -1, replicas: [1, 2], inSyncReplicas: [1] });
  assert.equal(second.length, 1);
});

test('a topic that is not there, and one that may not be described, are refused at once', async () => {
  await assert.rejects(describePartitions(clusterWith({}), 'nope', in10s()), { name: 'TopicNotFound' });
  await assert.rejects(describePartitions(clusterWith({ topics: [{ name: 'orders', error: 29 }] }), 'orders', in10s()), {
    name: 'Forbidden',
  });
  await assert.rejects(describePartitions(clusterWith({ topics: [{ name: 'orders', error: 17 }] }), 'orders', in10s()), {
    name: 'InvalidArgument',
  });
});

test('a topic that is just being made is waited for', async (t) => {
  stopTime(t);
  let error = 5;
  const answers = withMetadata(
    () => ({ brokers: brokersOf(1), topics: [{ ...topicOn('orders', 1), error }] }),
    () => assert.fail(),
  );
  const cluster = new FakeCluster({ 'broker-1:9092': answers });
  setTimeout(() => {
    error = 0;
  }, 500);

  assert.equal((await timePasses(t, describePartitions(cluster, 'orders', in10s()))).length, 1);
});

test('settings are given with those that the broker keeps to itself as null', async () => {
  const configs = { 'cleanup.policy': 'compact', secret: null };
  const cluster = clusterWith({}, () => describeConfigsAnswer('orders', 0, configs));

  assert.deepEqual(await topicConfigs(cluster, 'orders', in10s()), configs);
});

test('where settings may not be seen there are none; other refusals are told', async () => {
  const refusing = (error: number) => clusterWith({}, () => describeConfigsAnswer('orders', error, {}));

  assert.deepEqual(await topicConfigs(refusing(29), 'orders', in10s()), {});
  await assert.rejects(topicConfigs(refusing(3), 'orders', in10s()), { name: 'TopicNotFound', message: /orders/ });
  await assert.rejects(topicConfigs(refusing(42), 'orders', in10s()), { name: 'InvalidArgument' });
});

test('a broker that hangs up is asked again', async (t) => {
  stopTime(t);
  let calls = 0;
  const cluster = clusterWith({}, async () => {
    if (++calls === 1) throw new Error('hung up');
    return describeConfigsAnswer('orders', 0, {});
  });

  assert.deepEqual(await timePasses(t, topicConfigs(cluster, 'orders', in10s())), {});
  assert.equal(calls, 2);
});
