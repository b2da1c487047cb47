import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ConsumerOptions } from '../../../../../lib/kafka/groups/membership/coordinator.ts';
import { forget, type Remembered, remember, remembered } from '../../../../../lib/kafka/groups/membership/remembered.ts';
import { emptyRow } from '../../../../../lib/kafka/groups/membership/row.ts';
import { FakeCluster } from '../../../../harness/fake-broker/fake-cluster.ts';
import { stopTime } from '../../../../harness/virtual-time.ts';

function setUp(t: TestContext) {
  stopTime(t);
  return { cluster: new FakeCluster({}), other: new FakeCluster({}), pass: (ms: number) => t.mock.timers.tick(ms) };
}

const options: ConsumerOptions = {
  ...{ format: 'text', offsetReset: 'latest', autoCommit: true, minBytes: 1, timeoutMs: null, isolation: 'read_committed' },
};

const consumer = (partitions = 1): Remembered => ({
  member: { memberId: 'm', epoch: 3, topics: ['orders'], pattern: '', owned: [] },
  identity: { memberId: 'm', options, createdAt: 0, reader: 'r' },
  rows: Array.from({ length: partitions }, (_, partition) => emptyRow({ topic: 'orders', partition })),
  nextBeatAt: 5,
  isAlone: true,
});

test('a consumer is remembered for a cluster by its group and name, until it is forgotten', (t) => {
  const { cluster, other } = setUp(t);

  remember(cluster, 'g', 'a', consumer());

  assert.deepEqual(remembered(cluster, 'g', 'a')?.member, consumer().member);
  assert.deepEqual([remembered(other, 'g', 'a'), remembered(cluster, 'g', 'b'), remembered(cluster, 'h', 'a')], [null, null, null]);
  forget(cluster, 'g', 'a');
  assert.equal(remembered(cluster, 'g', 'a'), null);
});

test('it is remembered for a minute after it was polled last', (t) => {
  const { cluster, pass } = setUp(t);

  remember(cluster, 'g', 'a', consumer());
  pass(59_999);

  assert.notEqual(remembered(cluster, 'g', 'a'), null);
  pass(1);
  assert.equal(remembered(cluster, 'g', 'a'), null);
});

test('the thousand that were polled last are remembered, and none of many partitions', (t) => {
  const { cluster } = setUp(t);

  for (let i = 0; i < 1000; i++) remember(cluster, 'g', `${i}`, consumer());
  remember(cluster, 'g', '0', consumer());
  remember(cluster, 'g', 'another', consumer());
  remember(cluster, 'g', 'wide', consumer(101));

  assert.deepEqual(
    ['0', '1', '2', 'another', 'wide'].filter((name) => remembered(cluster, 'g', name) !== null),
    ['0', '2', 'another'],
  );
});
