import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { resolvePositions, type WantedPosition } from '../../../../lib/kafka/groups/positions.ts';
import { listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

const [EARLIEST, LATEST] = [-2, -1];
/** The one record of each partition. */
const RECORD = { offset: 5, timestamp: 1000 };

/** One broker leads `orders`, whose partitions begin at 2, end at 9, and have one record each with a time. */
function clusterWith(t: TestContext, kafka = { partitions: 2 }) {
  stopTime(t);
  const asked: ReturnType<typeof readListOffsets>[] = [];
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', ...Array(kafka.partitions).fill(1))] });
  const find = (timestamp: number) => {
    if (timestamp === EARLIEST) return { offset: 2 };
    if (timestamp === LATEST) return { offset: 9 };
    return timestamp <= RECORD.timestamp ? RECORD : { offset: -1 };
  };
  const broker = withMetadata(content, ({ body }: Call) => {
    const question = readListOffsets(body);
    asked.push(question);
    return listOffsetsAnswer(
      'orders',
      question.partitions.map(({ partition, timestamp }) => ({ partition, ...find(timestamp) })),
    );
  });
  const cluster = new FakeCluster({ 'broker-1:9092': broker });
  const resolve = async (...wanted: WantedPosition[]) => {
    const offsets = await timePasses(t, resolvePositions(cluster, wanted, Date.now() + 20_000));
    return offsets.map(({ partition, offset }) => [partition, offset]);
  };
  return { asked, resolve };
}

const position = (partition: number | null, at: WantedPosition['at']): WantedPosition => ({
  topic: 'orders',
  partition,
  at,
  metadata: 'm',
});

test('a number is what it says, and nothing is asked for it', async (t) => {
  const { resolve, asked } = clusterWith(t);

  assert.deepEqual(await resolve(position(1, { offset: 7 }), position(0, { offset: 0 })), [
    [1, 7],
    [0, 0],
  ]);
  assert.deepEqual(asked, []);
});

test('ends and times are looked up together, and all partitions stand for a topic', async (t) => {
  const { resolve, asked } = clusterWith(t);

  assert.deepEqual(await resolve(position(0, { timestamp: EARLIEST }), position(1, { timestamp: 500 })), [
    [0, 2],
    [1, 5],
  ]);
  assert.equal(asked.length, 1);
  assert.deepEqual(await resolve(position(null, { timestamp: LATEST })), [
    [0, 9],
    [1, 9],
  ]);
});

test('a time that no record is as late as is the end of the partition', async (t) => {
  const { resolve, asked } = clusterWith(t);

  assert.deepEqual(await resolve(position(0, { timestamp: 1001 }), position(1, { timestamp: 1000 })), [
    [0, 9],
    [1, 5],
  ]);
  assert.deepEqual(asked[1].partitions, [{ topic: 'orders', partition: 0, leaderEpoch: -1, timestamp: LATEST }]);
});

test('a partition that has been added since is found', async (t) => {
  const kafka = { partitions: 2 };
  const { resolve } = clusterWith(t, kafka);
  await resolve(position(0, { offset: 1 }));
  t.mock.timers.tick(10);
  kafka.partitions = 3;

  assert.deepEqual(await resolve(position(2, { offset: 1 })), [[2, 1]]);
});

test('a topic or partition that is not there is not found', async (t) => {
  const { resolve } = clusterWith(t);

  await assert.rejects(resolve(position(2, { offset: 1 })), { name: 'PartitionNotFound', message: /has no partition 2, as it has 2/ });
  await assert.rejects(resolve({ ...position(0, { offset: 1 }), topic: 'nope' }), { name: 'TopicNotFound' });
});

test('every partition means those that there are now; what is no longer there is refused, though Kafka would take it', async (t) => {
  const kafka = { partitions: 2 };
  const { resolve } = clusterWith(t, kafka);
  await resolve(position(null, { offset: 3 }));
  await pass(t, 100);

  kafka.partitions = 4;
  const more = await resolve(position(null, { timestamp: LATEST }));
  await pass(t, 100);
  kafka.partitions = 1;

  assert.deepEqual(more, [
    [0, 9],
    [1, 9],
    [2, 9],
    [3, 9],
  ]);
  await assert.rejects(resolve(position(1, { offset: 3 })), { name: 'PartitionNotFound' });
});
