import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ClusterSettings } from '../../../../lib/kafka/cluster/cluster.ts';
import { type MetadataContent, metadataAnswer, readMetadata } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, FakeCluster, silence, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, settled, stopTime, timePasses } from '../../../harness/virtual-time.ts';

/** A cluster without a network whose metadata is what `content` holds. */
function fakeCluster(content: MetadataContent, settings: Partial<ClusterSettings> = {}) {
  let asked = 0;
  const broker = withMetadata(
    () => {
      asked++;
      return content;
    },
    () => assert.fail(),
  );
  const cluster = new FakeCluster(
    { 'bootstrap:9092': broker, 'broker-1:9092': broker, 'broker-2:9092': broker },
    { bootstrapServers: ['bootstrap:9092'], ...settings },
  );
  return { cluster, asked: () => asked };
}

test('brokers are found by their numbers once metadata named them, and remembered when it no longer does', async () => {
  const content: MetadataContent = { brokers: brokersOf(2) };
  const { cluster } = fakeCluster(content);
  assert.throws(() => cluster.connectionTo(1), { name: 'KafkaUnavailable' });

  await cluster.metadata([]);
  content.brokers = brokersOf(1);
  await cluster.metadata([]);

  assert.equal((await cluster.connectionTo(1)).address, 'broker-1:9092');
  assert.equal((await cluster.connectionTo(2)).address, 'broker-2:9092');
  assert.throws(() => cluster.connectionTo(3), { name: 'KafkaUnavailable' });
});

test('a broker that moved to another address is found there', async () => {
  const content: MetadataContent = { brokers: brokersOf(1) };
  const { cluster } = fakeCluster(content);
  await cluster.metadata([]);

  content.brokers = [{ id: 1, host: 'broker-2', port: 9092 }];
  await cluster.metadata([]);

  assert.equal((await cluster.connectionTo(1)).address, 'broker-2:9092');
});

test('a suspect is known by its number too, until it is trusted again', async () => {
  const { cluster } = fakeCluster({ brokers: brokersOf(2) });
  await cluster.metadata([]);
  assert.equal(cluster.isSuspect(1), false);

  cluster.suspect('broker-1:9092');

  assert.deepEqual([cluster.isSuspect(1), cluster.isSuspect(2), cluster.isSuspect(9)], [true, false, false]);
  cluster.trust('broker-1:9092');
  assert.equal(cluster.isSuspect(1), false);
});

test('topics that are asked for are remembered; a list of all is not', async () => {
  const { cluster } = fakeCluster({ brokers: brokersOf(1), topics: [topicOn('orders', 1), topicOn('clicks', 1)] });

  const all = await cluster.metadata(null);
  const before = cluster.known('orders');
  await cluster.refresh(['orders', 'nope']);

  assert.equal(all.topics.length, 2);
  assert.equal(before, undefined);
  assert.deepEqual([...(cluster.known('orders')?.leaders ?? [])], [[0, 1]]);
  assert.equal(cluster.known('nope')?.error, 3);
  assert.equal(cluster.known('clicks'), undefined);
});

test('those who ask for the same topics at the same time share one request', async () => {
  const { cluster, asked } = fakeCluster({ topics: [topicOn('orders', 1), topicOn('clicks', 1)] });

  await Promise.all([...Array.from({ length: 10 }, () => cluster.refresh(['orders'])), cluster.refresh(['clicks'])]);
  assert.equal(asked(), 2);
  await cluster.refresh(['orders']);

  assert.equal(asked(), 3);
});

/** A cluster whose metadata answers come when the test lets them: each has one partition more than the one asked for before it. */
function clusterAnsweringLate(t: TestContext) {
  stopTime(t);
  const answers: PromiseWithResolvers<void>[] = [];
  const cluster = new FakeCluster({
    'one:9092': async ({ body }) => {
      const leaders = Array<number>(answers.length + 1).fill(1);
      const late = Promise.withResolvers<void>();
      answers.push(late);
      await late.promise;
      return metadataAnswer({ topics: (readMetadata(body).topics ?? []).map((name) => topicOn(name, ...leaders)) });
    },
  });
  return { cluster, answers, partitions: () => cluster.known('orders')?.leaders.size };
}

test('who wants newer metadata does not share a request that is older', async (t) => {
  const { cluster, answers, partitions } = clusterAnsweringLate(t);
  const first = cluster.refresh(['orders']);
  await pass(t, 100);

  const newer = cluster.refresh(['orders'], Date.now());
  const any = cluster.refresh(['orders']);
  await settled();
  assert.equal(answers.length, 2);
  answers[0].resolve();
  await first;
  assert.equal(partitions(), 1);
  answers[1].resolve();
  await Promise.all([newer, any]);

  assert.equal(partitions(), 2);
});

test('metadata is as old as its question, and does not take the place of newer', async (t) => {
  const { cluster, answers, partitions } = clusterAnsweringLate(t);
  const asked = Date.now();
  const first = cluster.refresh(['orders']);
  await pass(t, 100);
  const second = cluster.refresh(['orders'], Date.now());
  await settled();

  answers[1].resolve();
  await second;
  answers[0].resolve();
  await first;

  assert.equal(partitions(), 2);
  assert.equal(cluster.known('orders')?.asOf, asked + 100);
});

test('a failure is shared too, and forgotten after that', async (t) => {
  stopTime(t);
  let failing = true;
  const broker = withMetadata(
    () => ({ topics: [topicOn('orders', 1)] }),
    () => assert.fail(),
  );
  const cluster = new FakeCluster({ 'one:9092': (call) => (failing ? silence() : broker(call)) });

  const both = [cluster.refresh(['orders']), cluster.refresh(['orders'])].map((asking) =>
    assert.rejects(asking, { name: 'KafkaUnavailable' }),
  );
  await timePasses(t, Promise.all(both));
  failing = false;
  await timePasses(t, cluster.refresh(['orders']));

  assert.equal(cluster.known('orders')?.error, 0);
});

test('a broker that does not answer metadata is suspected; one that does is trusted', async (t) => {
  stopTime(t);
  let failing = true;
  const broker = withMetadata(
    () => ({ brokers: brokersOf(1) }),
    () => assert.fail(),
  );
  const cluster = new FakeCluster({ 'broker-1:9092': (call) => (failing ? silence() : broker(call)) });
  failing = false;
  await timePasses(t, cluster.metadata([]));
  failing = true;

  await assert.rejects(timePasses(t, cluster.metadata([])), { name: 'KafkaUnavailable' });
  assert.equal(cluster.isSuspect(1), true);
  failing = false;
  await timePasses(t, cluster.metadata([]));

  assert.equal(cluster.isSuspect(1), false);
});

test('metadata is fresh for as long as configured, unless it tells of a failure', (t) => {
  stopTime(t);
  const { cluster } = fakeCluster({}, { metadataMaxAgeMs: 1000 });
  const known = {
    leaders: new Map(),
    leaderEpochs: new Map(),
    available: [],
    id: '',
    incarnation: undefined,
    idAsOf: 0,
    missingSince: null,
  };

  assert.equal(cluster.isFresh({ ...known, error: 0, asOf: Date.now() - 999 }), true);
  assert.equal(cluster.isFresh({ ...known, error: 0, asOf: Date.now() - 1000 }), false);
  assert.equal(cluster.isFresh({ ...known, error: 5, asOf: Date.now() }), false);
});

test('many topics are remembered, not any number: the oldest are forgotten', async () => {
  const names = Array.from({ length: 10_050 }, (_, i) => `topic-${i}`);
  const { cluster } = fakeCluster({ topics: names.map((name) => topicOn(name)) });

  await cluster.refresh(['topic-0']);
  await cluster.refresh(names.slice(1, 5000));
  await cluster.refresh(names.slice(5000));

  assert.equal(names.filter((name) => cluster.known(name) !== undefined).length, 10_000);
  assert.equal(cluster.known('topic-0'), undefined);
  assert.notEqual(cluster.known('topic-10049'), undefined);
});
