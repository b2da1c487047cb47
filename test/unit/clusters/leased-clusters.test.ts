import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ClusterLease, LeasedClusters } from '../../../lib/clusters/leased-clusters.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import type { ClusterSettings } from '../../../lib/kafka/cluster/cluster.ts';
import { metadataAnswer } from '../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../harness/fake-broker/fake-broker.ts';
import { stopTime } from '../../harness/virtual-time.ts';

const settings = (address: string): ClusterSettings => ({
  bootstrapServers: [address],
  clientId: 'test',
  ssl: null,
  credentials: null,
  maxIdleMs: 180_000,
  metadataMaxAgeMs: 300_000,
});

/** Clients of a broker that lets everybody in. */
async function leasing(t: TestContext, { max = 2, maxIdleMs = 1000 } = {}) {
  const broker = await startBroker(t, () => metadataAnswer({}));
  const clusters = new LeasedClusters({ max, maxIdleMs });
  t.after(() => clusters.close());
  const lease = (key: string) => clusters.lease(key, () => settings(broker.address));
  /** Leases a client that Kafka accepts. */
  const accepted = async (key: string): Promise<ClusterLease & { closed(): boolean }> => {
    const leased = lease(key);
    const connection = await leased.cluster.anyBroker();
    return { ...leased, closed: () => connection.closed };
  };
  return { broker, clusters, lease, accepted };
}

test('those who come with the same key at the same time share one client, and the next one gets it warm', async (t) => {
  const { broker, clusters, accepted } = await leasing(t);

  const [one, two] = await Promise.all([accepted('a'), accepted('a')]);
  one.release();
  two.release();
  const next = await accepted('a');

  assert.equal(one.cluster, two.cluster);
  assert.equal(next.cluster, one.cluster);
  assert.deepEqual([clusters.size, broker.connections], [1, 1]);
});

test('different keys share nothing', async (t) => {
  const { broker, accepted } = await leasing(t);

  const [one, two] = await Promise.all([accepted('a'), accepted('b')]);

  assert.notEqual(one.cluster, two.cluster);
  assert.equal(broker.connections, 2);
});

test('beyond the limit, the one that was asked for longest ago is closed', async (t) => {
  const { clusters, accepted } = await leasing(t);
  const [a, b] = [await accepted('a'), await accepted('b')];
  a.release();
  b.release();
  (await accepted('a')).release();

  (await accepted('c')).release();

  assert.equal(clusters.size, 2);
  assert.deepEqual([a.closed(), b.closed()], [false, true]);
});

test('none is closed while a request has it, however many there are', async (t) => {
  const { clusters, accepted } = await leasing(t, { max: 1 });
  const all = await Promise.all(['a', 'b', 'c', 'd'].map(accepted));

  const before = all.map(({ closed }) => closed());
  for (const { release } of all) release();

  assert.deepEqual(before, [false, false, false, false]);
  assert.deepEqual(
    all.map(({ closed }) => closed()),
    [true, true, true, false],
  );
  assert.equal(clusters.size, 1);
});

test('one that Kafka never accepted is not kept, and takes nobody’s place', async (t) => {
  const { clusters, lease, accepted } = await leasing(t, { max: 1 });
  const a = await accepted('a');
  a.release();

  for (let i = 0; i < 100; i++) lease(`wrong ${i}`).release();

  assert.equal(clusters.size, 1);
  assert.equal(a.closed(), false);
});

test('one that is discarded goes to nobody else, and is closed when those who have it are through', async (t) => {
  const { clusters, accepted } = await leasing(t);
  const [one, two] = await Promise.all([accepted('a'), accepted('a')]);

  clusters.discard('a');
  const next = await accepted('a');
  one.release();
  const inUse = two.closed();
  two.release();

  assert.notEqual(next.cluster, one.cluster);
  assert.deepEqual([inUse, two.closed(), next.closed()], [false, true, false]);
  assert.equal(clusters.size, 1);
});

test('one that was closed connects to nothing any more', async (t) => {
  const { broker, lease } = await leasing(t);
  const { cluster, release } = lease('a');

  release();

  await assert.rejects(cluster.anyBroker(), { name: 'KafkaUnavailable' });
  assert.equal(broker.connections, 0);
});

test('one that is idle for too long is closed by itself, unless a request has it', async (t) => {
  const { clusters, accepted } = await leasing(t, { max: 10, maxIdleMs: 1000 });
  const [idle, held] = [await accepted('idle'), await accepted('held')];
  stopTime(t);
  idle.release();

  t.mock.timers.tick(1000);

  assert.deepEqual([idle.closed(), held.closed()], [true, false]);
  assert.equal(clusters.size, 1);
});

test('one that was used meanwhile is not idle', async (t) => {
  const { accepted } = await leasing(t, { max: 10, maxIdleMs: 1000 });
  const one = await accepted('a');
  stopTime(t);
  one.release();
  t.mock.timers.tick(999);
  (await accepted('a')).release();

  t.mock.timers.tick(999);
  const before = one.closed();
  t.mock.timers.tick(1);

  assert.deepEqual([before, one.closed()], [false, true]);
});

test('closing all clusters closes these, too', async (t) => {
  const { clusters, accepted } = await leasing(t);
  const one = await accepted('a');

  closeClusters();

  assert.deepEqual([one.closed(), clusters.size], [true, 0]);
  one.release();
});

test('at random, a client is closed only when nobody has it, and all are once nobody needs them', async (t) => {
  const { clusters, accepted } = await leasing(t, { max: 3, maxIdleMs: 60_000 });
  let closedTooEarly = 0;

  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const key = String((i * 7) % 11);
      const one = await accepted(key);
      if (i % 5 === 0) clusters.discard(key);
      for (let turn = 0; turn < i % 4; turn++) await one.cluster.metadata([]);
      if (one.closed()) closedTooEarly++;
      one.release();
    }),
  );

  assert.equal(closedTooEarly, 0);
  assert.ok(clusters.size <= 3, String(clusters.size));
});
