import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetBounds, offsetsAtTime } from '../../../../lib/kafka/fetch/list-offsets.ts';
import { listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

type Asked = ReturnType<typeof readListOffsets>;
type Found = { error?: number; offset?: number; timestamp?: number };

/** Two brokers with the partitions 0, 2 and 1, 3, which answer for each partition as `find` says. */
function clusterWith(find: (partition: number, timestamp: number) => Found) {
  const asked: Asked[] = [];
  const broker = withMetadata(
    () => ({ brokers: brokersOf(2), topics: [topicOn('orders', 1, 2, 1, 2)] }),
    ({ body }) => {
      const question = readListOffsets(body);
      asked.push(question);
      return listOffsetsAnswer(
        'orders',
        question.partitions.toReversed().map(({ partition, timestamp }) => ({ partition, ...find(partition, timestamp) })),
      );
    },
  );
  return { cluster: new FakeCluster({ 'broker-1:9092': broker, 'broker-2:9092': broker }), asked };
}

const in10s = () => Date.now() + 10_000;
const NOT_LEADER = 6;

test('both ends of every partition, in order of the partitions, by two requests to each leader', async () => {
  const { cluster, asked } = clusterWith((partition, timestamp) => ({ offset: timestamp === -2 ? partition : 100 + partition }));

  const bounds = await offsetBounds(cluster, 'orders', null, in10s());

  assert.deepEqual(
    bounds.map(({ partition, beginning, end }) => [partition, beginning, end]),
    [
      [0, 0, 100],
      [1, 1, 101],
      [2, 2, 102],
      [3, 3, 103],
    ],
  );
  assert.equal(asked.length, 4);
  for (const { isolation } of asked) assert.equal(isolation, 0, 'the end is the high watermark');
});

test('only the partitions asked for are looked at', async () => {
  const { cluster, asked } = clusterWith(() => ({ offset: 5 }));

  const bounds = await offsetBounds(cluster, 'orders', [3], in10s());

  assert.deepEqual(
    bounds.map(({ partition }) => partition),
    [3],
  );
  assert.deepEqual(
    asked.flatMap(({ partitions }) => partitions.map(({ partition }) => partition)),
    [3, 3],
  );
});

test('an error at either end is an error of the partition: it is asked again', async (t) => {
  stopTime(t);
  const refusals = [-1, -2];
  const { cluster } = clusterWith((_, timestamp) => {
    const refused = refusals.at(0) === timestamp;
    if (refused) refusals.shift();
    return { error: refused ? NOT_LEADER : 0, offset: timestamp === -2 ? 10 : 20 };
  });

  const [{ beginning, end }] = await timePasses(t, offsetBounds(cluster, 'orders', [0], in10s()));

  assert.deepEqual([beginning, end, refusals], [10, 20, []]);
});

test('a partition that a leader leaves out at one end has no answer', async (t) => {
  stopTime(t);
  const broker = withMetadata(
    () => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1)] }),
    ({ body }) => {
      const [{ partition, timestamp }] = readListOffsets(body).partitions;
      return listOffsetsAnswer('orders', timestamp === -2 ? [{ partition, offset: 1 }] : []);
    },
  );
  const cluster = new FakeCluster({ 'broker-1:9092': broker });

  await assert.rejects(timePasses(t, offsetBounds(cluster, 'orders', [0], Date.now() + 1000)), { name: 'KafkaRefused' });
});

test('the first record at or after a time: its offset and its own time; -1 where no record is that late', async () => {
  const { cluster, asked } = clusterWith((partition) => (partition === 1 ? {} : { offset: 40 + partition, timestamp: 1_735_689_600_500 }));

  const found = await offsetsAtTime(cluster, 'orders', [0, 1], 1_735_689_600_123, in10s());

  assert.deepEqual(
    found.map(({ partition, offset, timestamp }) => [partition, offset, timestamp]),
    [
      [0, 40, 1_735_689_600_500],
      [1, -1, -1],
    ],
  );
  assert.deepEqual(asked[0].partitions, [{ topic: 'orders', partition: 0, leaderEpoch: -1, timestamp: 1_735_689_600_123 }]);
});

test('the isolation asked for reaches the broker', async () => {
  const { cluster, asked } = clusterWith(() => ({ offset: 1 }));

  await offsetsAtTime(cluster, 'orders', [0], -1, in10s(), 'read_committed');
  await offsetsAtTime(cluster, 'orders', [0], -1, in10s());

  assert.deepEqual(
    asked.map(({ isolation }) => isolation),
    [1, 0],
  );
});
