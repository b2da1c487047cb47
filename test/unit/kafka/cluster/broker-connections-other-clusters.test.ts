import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { again } from '../../../../lib/kafka/cluster/retry.ts';
import { keys, metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../../harness/fake-broker/fake-broker.ts';
import { stopTime } from '../../../harness/virtual-time.ts';
import { brokerAt, clusterOf } from './connected-cluster.ts';

/** A cluster of brokers that name each other as parts of the cluster `ours`; and a broker that may turn to another one. */
async function clusterOfOurs(t: TestContext) {
  stopTime(t);
  const names = { first: 'ours', second: 'ours' };
  const listed: ReturnType<typeof brokerAt>[] = [];
  const brokers = [
    await startBroker(t, () => metadataAnswer({ clusterId: names.first, brokers: listed })),
    await startBroker(t, () => metadataAnswer({ clusterId: names.second, brokers: listed })),
  ];
  listed.push(...brokers.map((broker, i) => brokerAt(i + 1, broker)));
  const cluster = clusterOf(t, brokers.slice(0, 1));
  await cluster.metadata([]);
  return { cluster, brokers, names, listed };
}

test('a broker that the cluster has just named is believed to be of it; later a new connection asks first', async (t) => {
  const { cluster, brokers } = await clusterOfOurs(t);

  const soon = await cluster.connectionTo(2);
  assert.deepEqual(brokers[1].keys, [keys.apiVersions]);
  soon.close();
  t.mock.timers.setTime(Date.now() + 11_000);
  await cluster.connectionTo(2);

  assert.deepEqual(brokers[1].keys, [keys.apiVersions, keys.apiVersions, keys.metadata]);
});

test('an address that another cluster has got is not used, and the cluster goes on with its other brokers', async (t) => {
  const { cluster, brokers, names } = await clusterOfOurs(t);
  (await cluster.connectionTo(2)).close();
  t.mock.timers.setTime(Date.now() + 11_000);
  names.second = 'theirs';

  await assert.rejects(async () => cluster.connectionTo(2), { name: 'KafkaUnavailable' });

  assert.equal(brokers[1].connections, 2);
  assert.throws(() => cluster.connectionTo(2), { name: 'KafkaUnavailable' }, 'it is forgotten');
  assert.equal((await cluster.anyBroker()).address, brokers[0].address);
  assert.deepEqual([cluster.id, cluster.moved], ['ours', false]);
});

test('where nobody of the cluster is left, and the bootstrap servers are of another, a new object takes its place', async (t) => {
  const { cluster, brokers, names } = await clusterOfOurs(t);
  (await cluster.connectionTo(1)).close();
  await brokers[1].stop();
  names.first = 'theirs';
  t.mock.timers.setTime(Date.now() + 11_000);

  const began = Date.now();
  await assert.rejects(
    again(began + 10_000, () => cluster.metadata([])),
    { name: 'KafkaUnavailable' },
  );

  assert.equal(Date.now(), began, 'no other try mends that');
  assert.equal(cluster.moved, true);
  await assert.rejects(async () => cluster.connection(brokers[0].address), { name: 'KafkaUnavailable' });
});

test('a broker that has left is forgotten after a minute, and its connection closed', async (t) => {
  const { cluster, listed } = await clusterOfOurs(t);
  const left = await cluster.connectionTo(2);
  listed.pop();

  t.mock.timers.setTime(Date.now() + 60_000);
  await cluster.metadata([]);
  assert.equal(await cluster.connectionTo(2), left);
  t.mock.timers.setTime(Date.now() + 1);
  await cluster.metadata([]);

  assert.equal(left.closed, true);
  assert.throws(() => cluster.connectionTo(2), { name: 'KafkaUnavailable' });
});
