import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { KafkaLog } from '../../../../lib/routes/subscriptions/kafka-log.ts';
import { keys, listOffsetsAnswer, readListOffsets } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { findCoordinatorAnswer, offsetFetchAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { subscriptionOf } from '../../../harness/push/subscription-of.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const COMMITTED = 7;
const BEGINNING = 2;

/** Where a subscription continues in a log whose end is told so, after so many milliseconds. */
async function continuesAt(t: TestContext, end: (ms: number) => number): Promise<number[]> {
  stopTime(t);
  const began = Date.now();
  const answer = ({ key, body }: Call) => {
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
    if (key === keys.offsetFetch) return offsetFetchAnswer([{ topic: 'orders', partition: 0, offset: COMMITTED, metadata: 'lease 1' }]);
    const [{ timestamp }] = readListOffsets(body).partitions;
    return listOffsetsAnswer('orders', [{ partition: 0, offset: timestamp === -2 ? BEGINNING : end(Date.now() - began) }]);
  };
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1)] });
  const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(content, answer) });
  // As brokers before Kafka 3.0, which tell no ids of topics.
  cluster.unspoken.add(keys.metadata);
  const log = new KafkaLog(cluster, subscriptionOf({}), async () => ['orders'], 1);
  const positions = await timePasses(t, log.positions('main'));
  return positions.map(({ offset }) => offset);
}

test('a log that ends before the committed offset for a moment, as its leader lags, does not make a subscription begin anew', async (t) => {
  assert.deepEqual(await continuesAt(t, (ms) => (ms < 1000 ? 4 : 9)), [COMMITTED]);
});

test('a log that stays shorter is that of a topic that was made anew, from its beginning', async (t) => {
  assert.deepEqual(await continuesAt(t, () => 4), [BEGINNING]);
});
