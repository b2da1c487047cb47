import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { existingOffsets, offsetsOfTopic, offsetsWithEnds } from '../../../../lib/kafka/groups/lag.ts';
import { keys, listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import {
  consumerGroupDescribeAnswer,
  describeGroupsAnswer,
  findCoordinatorAnswer,
  offsetFetchAnswer,
  type PartitionOffset,
  readOffsetFetch,
  shareGroupDescribeAnswer,
} from '../../../harness/fake-broker/group-coordinator-side.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

/** Two brokers lead `orders` and `clicks`, whose partitions all end at 10; the first one coordinates the group. */
function clusterWith(t: TestContext, offsets: PartitionOffset[], state = 'Empty', kafka = { orders: [1, 2, 1] }) {
  stopTime(t);
  const asked: string[] = [];
  const content = () => ({ brokers: brokersOf(2), topics: [topicOn('orders', ...kafka.orders), topicOn('clicks', 2)] });
  const answer = (id: number) => (call: Call) => {
    if (call.key === keys.findCoordinator) return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
    if (call.key === keys.consumerGroupDescribe) return consumerGroupDescribeAnswer('g', { error: 69 });
    if (call.key === keys.shareGroupDescribe) return shareGroupDescribeAnswer('g', { error: 69 });
    if (call.key === keys.describeGroups) return describeGroupsAnswer('g', { state });
    if (call.key === keys.offsetFetch) {
      const { topics } = readOffsetFetch(call.body);
      const named = topics?.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition, offset: -1 })));
      const found = named?.map((one) => offsets.find(({ topic, partition }) => topic === one.topic && partition === one.partition) ?? one);
      return offsetFetchAnswer(found ?? offsets);
    }
    const { partitions } = readListOffsets(call.body);
    asked.push(`${id}: ${partitions.map(({ topic, partition, timestamp }) => `${topic} ${partition} ${timestamp}`)}`);
    const answers = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, found]) =>
      listOffsetsAnswer(
        topic,
        found.map(({ partition }) => ({ partition, offset: 10 })),
      ),
    );
    return joined(answers);
  };
  const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(content, answer(1)), 'broker-2:9092': withMetadata(content, answer(2)) });
  const soon = Date.now() + 20_000;
  return {
    asked,
    all: (isShown: (topic: string) => boolean = () => true) => timePasses(t, offsetsShown(cluster, isShown, soon)),
    ofTopic: (topic: string) => timePasses(t, offsetsOfTopic(cluster, 'g', topic, soon)),
  };
}

async function offsetsShown(cluster: FakeCluster, isShown: (topic: string) => boolean, deadline: number) {
  const committed = await existingOffsets(cluster, 'g', deadline);
  return offsetsWithEnds(
    cluster,
    committed.filter(({ topic }) => isShown(topic)),
    deadline,
  );
}

/** Answers about one topic each, as one about all: their heads are 8 bytes, the last four of which count the topics. */
function joined(answers: Buffer[]): Buffer {
  const all = Buffer.concat([answers[0].subarray(0, 8), ...answers.map((answer) => answer.subarray(8))]);
  all.writeInt32BE(answers.length, 4);
  return all;
}

const at = (topic: string, partition: number, offset: number) => ({ topic, partition, offset, metadata: '' });

test('each leader is asked once, for all topics, and offsets come in order', async (t) => {
  const { all, asked } = clusterWith(t, [at('orders', 2, 3), at('orders', 0, 10), at('orders', 1, 4), at('clicks', 0, 7)]);

  const offsets = await all();

  assert.deepEqual(
    offsets.map(({ topic, partition, offset, end }) => [topic, partition, offset, end]),
    [
      ['clicks', 0, 7, 10],
      ['orders', 0, 10, 10],
      ['orders', 1, 4, 10],
      ['orders', 2, 3, 10],
    ],
  );
  assert.deepEqual(asked.sort(), ['1: orders 2 -1,orders 0 -1', '2: orders 1 -1,clicks 0 -1']);
});

test('a topic or partition that is gone has no end', async (t) => {
  const { all } = clusterWith(t, [at('gone', 0, 1), at('orders', 7, 2), at('orders', 0, 3)]);

  assert.deepEqual(
    (await all()).map(({ topic, partition, end }) => [topic, partition, end]),
    [
      ['gone', 0, null],
      ['orders', 0, 10],
      ['orders', 7, null],
    ],
  );
});

test('what is not to be shown is not asked for', async (t) => {
  const { all, asked } = clusterWith(t, [at('orders', 0, 1), at('clicks', 0, 2)]);

  const offsets = await all((topic) => topic === 'clicks');

  assert.deepEqual(
    offsets.map(({ topic }) => topic),
    ['clicks'],
  );
  assert.deepEqual(asked, ['2: clicks 0 -1']);
});

test('a group without offsets has none; one that is not there is not found', async (t) => {
  const empty = clusterWith(t, [{ topic: 'orders', partition: 0, offset: -1 }]);
  assert.deepEqual(await empty.all(), []);
  t.mock.timers.reset();

  const missing = clusterWith(t, [], 'Dead');
  await assert.rejects(missing.all(), { name: 'GroupNotFound' });
  await assert.rejects(missing.ofTopic('orders'), { name: 'GroupNotFound' });
});

test('of one topic every partition is shown, in order', async (t) => {
  const { ofTopic } = clusterWith(t, [at('orders', 2, 3), at('clicks', 0, 7)]);

  assert.deepEqual(
    (await ofTopic('orders')).map(({ partition, offset, end }) => [partition, offset, end]),
    [
      [0, -1, 10],
      [1, -1, 10],
      [2, 3, 10],
    ],
  );
});

test('a topic that is not there is not found', async (t) => {
  const { ofTopic } = clusterWith(t, [at('orders', 0, 1)]);

  await assert.rejects(ofTopic('nope'), { name: 'TopicNotFound' });
});

test('partitions that were added, or are no longer there, show at once', async (t) => {
  const kafka = { orders: [1] };
  const { all, ofTopic } = clusterWith(t, [{ topic: 'orders', partition: 1, offset: 3 }], 'Empty', kafka);
  await ofTopic('orders');
  await pass(t, 100);

  kafka.orders = [1, 2, 1];
  const more = [await ofTopic('orders'), await all()];
  await pass(t, 100);
  kafka.orders = [1];
  const fewer = [await ofTopic('orders'), await all()];

  assert.deepEqual(
    [...more, ...fewer].map((offsets) => offsets.map(({ partition, end }) => [partition, end])),
    [
      [
        [0, 10],
        [1, 10],
        [2, 10],
      ],
      [[1, 10]],
      [[0, 10]],
      [[1, null]],
    ],
  );
});
