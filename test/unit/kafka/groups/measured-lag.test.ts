import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { measureLag } from '../../../../lib/kafka/groups/measured-lag.ts';
import { keys, listOffsetsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import {
  describeGroupsAnswer,
  findCoordinatorAnswer,
  listGroupsAnswer,
  offsetFetchAnswer,
  shareGroupDescribeAnswer,
} from '../../../harness/fake-broker/group-coordinator-side.ts';
import { shareOffsetsAnswer } from '../../../harness/fake-broker/share-side.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

/** The lag of a group that has committed offset 3 of `orders` and of `clicks`; each topic's log ends at 10. */
async function measured(t: TestContext, error: number) {
  stopTime(t);
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1), { name: 'clicks', error }] });
  const broker = withMetadata(content, ({ key }) => {
    if (key === keys.listGroups) return listGroupsAnswer([{ group: 'g', protocolType: '' }]);
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
    if (key === keys.describeGroups) return describeGroupsAnswer('g', { state: 'Empty' });
    if (key === keys.offsetFetch) return offsetFetchAnswer(['orders', 'clicks'].map((topic) => ({ topic, partition: 0, offset: 3 })));
    return listOffsetsAnswer('orders', [{ partition: 0, offset: 10 }]);
  });
  const cluster = new FakeCluster({ 'broker-1:9092': broker });
  const began = Date.now();
  const { lags } = await timePasses(
    t,
    measureLag(cluster, () => true, Date.now() + 60_000),
  );
  assert.ok(Date.now() - began < 15_000, 'others wait for it');
  return lags.map(({ group, lag, unknown }) => ({ group, lag, unknown }));
}

test('a topic that no broker can tell of at the moment has an unknown lag, not none', async (t) => {
  const LEADER_NOT_AVAILABLE = 5;

  assert.deepEqual(await measured(t, LEADER_NOT_AVAILABLE), [{ group: 'g', lag: 7, unknown: 1 }]);
});

test('the same holds for a queue', async (t) => {
  stopTime(t);
  const LEADER_NOT_AVAILABLE = 5;
  const offsets = ['orders', 'clicks'].map((topic, i) => ({ topic, topicId: `${i}`.repeat(32), partition: 0, startOffset: 3, lag: 7 }));
  const content = () => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1), { name: 'clicks', error: LEADER_NOT_AVAILABLE }] });
  const broker = withMetadata(content, ({ key }) => {
    if (key === keys.listGroups) return listGroupsAnswer([{ group: 'g', protocolType: 'share', type: 'share' }]);
    if (key === keys.findCoordinator) return findCoordinatorAnswer({ host: 'broker-1', port: 9092 });
    if (key === keys.shareGroupDescribe) return shareGroupDescribeAnswer('g', { state: 'Empty' });
    return shareOffsetsAnswer('g', { offsets });
  });
  const cluster = new FakeCluster({ 'broker-1:9092': broker });

  const { lags } = await timePasses(
    t,
    measureLag(cluster, () => true, Date.now() + 5000),
  );

  assert.deepEqual(
    lags.map(({ lag, unknown }) => ({ lag, unknown })),
    [{ lag: 7, unknown: 1 }],
  );
});

test('a topic that is gone does not count', async (t) => {
  const UNKNOWN_TOPIC = 3;

  assert.deepEqual(await measured(t, UNKNOWN_TOPIC), [{ group: 'g', lag: 7, unknown: 0 }]);
});
