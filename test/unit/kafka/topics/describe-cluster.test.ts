import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCluster, idOf } from '../../../../lib/kafka/topics/describe-cluster.ts';
import type { MetadataContent } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';

const in10s = () => Date.now() + 10_000;

function clusterWith(content: MetadataContent) {
  let asked = 0;
  const answers = withMetadata(
    () => {
      asked++;
      return { brokers: brokersOf(1), ...content };
    },
    () => assert.fail(),
  );
  return { cluster: new FakeCluster({ 'broker-1:9092': answers }), asked: () => asked };
}

test('a cluster has its id, its brokers in order and its controller', async () => {
  const brokers = [10, 9].map((id) => ({ id, host: 'broker-1', port: 9092 }));
  const { cluster } = clusterWith({ clusterId: 'abc', brokers, controller: 9 });

  assert.deepEqual(await describeCluster(cluster, in10s()), { id: 'abc', brokers: [9, 10], controller: 9 });
});

test('a cluster may have no controller for now, and no id at all', async () => {
  const { cluster } = clusterWith({ controller: -1 });

  assert.deepEqual(await describeCluster(cluster, in10s()), { id: 'kafka', brokers: [1], controller: null });
});

test('the id is asked for once', async () => {
  const { cluster, asked } = clusterWith({ clusterId: 'abc' });

  const ids = [await idOf(cluster, in10s()), await idOf(cluster, in10s())];

  assert.deepEqual([ids, asked()], [['abc', 'abc'], 1]);
});
