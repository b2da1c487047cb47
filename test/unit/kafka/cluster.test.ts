import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Cluster, type ClusterSettings, type SaslSource } from '../../../lib/kafka/cluster.ts';
import type { Sasl } from '../../../lib/kafka/connection.ts';
import { fetch } from '../../../lib/kafka/protocol/fetch.ts';
import { metadata } from '../../../lib/kafka/protocol/metadata.ts';
import { fetchAnswer, keys, type MetadataContent, metadataAnswer } from './fake/broker-side.ts';
import { type FakeBroker, startBroker, withPlain } from './fake/fake-broker.ts';
import { brokersOf, FakeCluster, silence, topicOn, withMetadata } from './fake/fake-cluster.ts';
import { stopTime, timePasses } from './fake/virtual-time.ts';

const PLENTY_MS = 20_000;
const answer = () => metadataAnswer({});

function clusterOf(t: TestContext, brokers: FakeBroker[], settings: Partial<ClusterSettings> = {}): Cluster {
  const cluster = new Cluster({
    bootstrapServers: brokers.map(({ address }) => address),
    clientId: 'test',
    ssl: null,
    sasl: null,
    maxIdleMs: 180_000,
    metadataMaxAgeMs: 300_000,
    ...settings,
  });
  t.after(() => cluster.close());
  return cluster;
}

const startBrokers = (t: TestContext, count: number) => Promise.all(Array.from({ length: count }, () => startBroker(t, answer)));

test('fifty who ask for a broker at the same time share one connection', async (t) => {
  const broker = await startBroker(t, answer);
  const cluster = clusterOf(t, [broker]);

  const all = await Promise.all(Array.from({ length: 50 }, () => cluster.connection(broker.address)));
  const later = cluster.connection(broker.address);

  assert.equal(new Set([...all, later]).size, 1);
  assert.equal(broker.connections, 1);
});

test('after a broker hung up the next request gets a new connection', async (t) => {
  const broker = await startBroker(t, silence);
  const cluster = clusterOf(t, [broker]);
  const first = await cluster.connection(broker.address);
  const arrived = broker.received(keys.metadata);
  const asking = assert.rejects(first.send(metadata(null), PLENTY_MS));
  await arrived;
  broker.hangUp();
  await asking;

  const second = await cluster.connection(broker.address);

  assert.notEqual(second, first);
  assert.equal(second.open, true);
});

test('a connection that was idle for too long is replaced, by the clock: time spent frozen counts', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, answer);
  const cluster = clusterOf(t, [broker], { maxIdleMs: 60_000 });
  const first = await cluster.connection(broker.address);
  t.mock.timers.setTime(Date.now() + 59_999);
  assert.equal(cluster.connection(broker.address), first);

  t.mock.timers.setTime(Date.now() + 1);
  const second = await cluster.connection(broker.address);

  assert.notEqual(second, first);
  assert.equal(first.closed, true);
  assert.equal(broker.connections, 2);
});

test('who comes while a long poll keeps the broker waiting gets a connection of their own', async (t) => {
  const polled = Promise.withResolvers<Buffer>();
  const broker = await startBroker(t, ({ key }) => (key === keys.fetch ? polled.promise : answer()));
  const cluster = clusterOf(t, [broker]);
  const first = await cluster.connection(broker.address);
  const query = { topic: 'orders', partition: 0, offset: 0, waitMs: 900, minBytes: 1, maxBytes: 1, isolation: 'read_committed' } as const;
  const polling = first.send(fetch(query), PLENTY_MS);

  const [second, same] = await Promise.all([cluster.connection(broker.address), cluster.connection(broker.address)]);
  await second.send(metadata(null), PLENTY_MS);
  polled.resolve(fetchAnswer({ topic: 'orders', partition: 0 }));
  await polling;

  assert.notEqual(second, first);
  assert.equal(same, second);
  assert.equal(await cluster.connection(broker.address), first, 'the first is free again');
  assert.equal(broker.connections, 2);
});

test('a broker that is silent when it is connected to is unavailable, and suspected', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, silence);
  broker.respond = silence;
  const cluster = clusterOf(t, [broker]);
  const suspected = t.mock.method(cluster, 'suspect');
  const arrived = broker.received(keys.apiVersions);
  const connecting = Promise.resolve(cluster.connection(broker.address));
  await arrived;

  t.mock.timers.tick(2200);

  await assert.rejects(connecting, { name: 'KafkaUnavailable' });
  assert.deepEqual(suspected.mock.calls[0].arguments, [broker.address]);
});

/** Credentials that can be replaced once by others. */
function credentials(first: string, renewed: string | null) {
  let password = first;
  const refusals: Sasl[] = [];
  const source: SaslSource = {
    current: async () => ({ mechanism: 'plain', username: 'gateway', password }),
    async renew(refused) {
      refusals.push(refused);
      if (renewed === null) return false;
      password = renewed;
      return true;
    },
  };
  return { source, refusals };
}

test('refused credentials are renewed once, and the connection opened with the new ones', async (t) => {
  const broker = await startBroker(
    t,
    withPlain((_, password) => password === 'new', answer),
  );
  const { source, refusals } = credentials('old', 'new');
  const cluster = clusterOf(t, [broker], { sasl: source });

  const all = await Promise.all([cluster.connection(broker.address), cluster.connection(broker.address)]);

  assert.equal(all[0].open, true);
  assert.deepEqual(
    refusals.map(({ username, password }) => [username, password]),
    [['gateway', 'old']],
  );
  assert.equal(broker.connections, 2);
});

for (const renewed of [null, 'still wrong']) {
  test(`credentials that stay refused are for the operator (renewed: ${renewed})`, async (t) => {
    const broker = await startBroker(
      t,
      withPlain(() => false, answer),
    );
    const { source, refusals } = credentials('old', renewed);
    const cluster = clusterOf(t, [broker], { sasl: source });

    await assert.rejects(async () => cluster.connection(broker.address), { name: 'KafkaAuthentication' });

    assert.equal(refusals.length, 1);
    assert.equal(broker.connections, renewed === null ? 1 : 2);
  });
}

test('credentials that cannot be had fail the connection as they say, and nobody is suspected', async (t) => {
  const broker = await startBroker(t, answer);
  const missing = new Error('no secret');
  const cluster = clusterOf(t, [broker], { sasl: { current: () => Promise.reject(missing), renew: () => assert.fail() } });
  const suspected = t.mock.method(cluster, 'suspect');

  await assert.rejects(async () => cluster.connection(broker.address), missing);

  assert.equal(suspected.mock.callCount(), 0);
  assert.equal(broker.connections, 0);
});

test('closing closes every connection, and what comes later opens new ones', async (t) => {
  const brokers = await startBrokers(t, 2);
  const cluster = clusterOf(t, brokers);
  const open = await Promise.all(brokers.map(({ address }) => cluster.connection(address)));

  cluster.close();

  assert.ok(open.every(({ closed }) => closed));
  assert.equal((await cluster.connection(brokers[0].address)).open, true);
});

test('any broker is a connected one where there is one', async (t) => {
  const brokers = await startBrokers(t, 4);
  const cluster = clusterOf(t, brokers);
  const connected = await cluster.connection(brokers[2].address);

  for (let i = 0; i < 20; i++) assert.equal(await cluster.anyBroker(), connected);
});

test('suspects are asked last, connected or not, for ten seconds', async (t) => {
  stopTime(t);
  const brokers = await startBrokers(t, 3);
  const cluster = clusterOf(t, brokers);
  for (const { address } of brokers.slice(0, 2)) {
    await cluster.connection(address);
    cluster.suspect(address);
  }

  for (let i = 0; i < 20; i++) assert.equal((await cluster.anyBroker()).address, brokers[2].address);
  (await cluster.connection(brokers[2].address)).close();
  t.mock.timers.setTime(Date.now() + 10_001);

  assert.notEqual((await cluster.anyBroker()).address, brokers[2].address, 'they are connected, and nobody is suspected any more');
});

test('after silence the connections that proved nothing since are closed, as it may be this process that was away', async (t) => {
  stopTime(t);
  const [silent, idle, busy, proven] = await Promise.all([silence, answer, silence, answer].map((respond) => startBroker(t, respond)));
  const cluster = clusterOf(t, [silent, idle, busy, proven]);
  const [first, second, third, fourth] = await Promise.all([silent, idle, busy, proven].map(({ address }) => cluster.connection(address)));
  t.mock.timers.tick(1000);
  const arrived = Promise.all([silent.received(keys.metadata), busy.received(keys.metadata)]);
  const asking = assert.rejects(first.send(metadata(null), 2500));
  third.send(metadata(null), PLENTY_MS).catch(() => {}); // it fails when the test ends
  await arrived;
  t.mock.timers.tick(100);
  await fourth.send(metadata(null), PLENTY_MS);
  t.mock.timers.tick(2600);
  await asking;

  cluster.suspect(silent.address);

  assert.deepEqual(
    [first, second, third, fourth].map(({ closed }) => closed),
    [true, true, false, false],
  );
});

test('without a choice a suspect is asked', async (t) => {
  const [broker] = await startBrokers(t, 1);
  const cluster = clusterOf(t, [broker]);
  cluster.suspect(broker.address);

  assert.equal((await cluster.anyBroker()).address, broker.address);
});

test('brokers that cannot be reached are passed over', async (t) => {
  const brokers = await startBrokers(t, 3);
  const cluster = clusterOf(t, brokers);
  await Promise.all(brokers.slice(0, 2).map((broker) => broker.stop()));

  const connection = await cluster.anyBroker();

  assert.equal(connection.open, true);
});

test('where no broker can be reached it is unavailable; where one refuses us for good, the others are not asked', async () => {
  const cluster = new FakeCluster({ 'one:9092': silence, 'two:9092': silence });
  const asked: string[] = [];
  const refuse = (error: Error) => {
    for (const address of ['one:9092', 'two:9092']) {
      cluster.refusals.set(address, () => {
        asked.push(address);
        return error;
      });
    }
  };

  refuse(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  await assert.rejects(cluster.anyBroker(), { name: 'KafkaUnavailable' });
  assert.equal(asked.splice(0).length, 2);
  refuse(Object.assign(new Error('denied'), { name: 'KafkaJSSASLAuthenticationError' }));
  await assert.rejects(cluster.anyBroker(), { name: 'KafkaAuthentication' });
  assert.equal(asked.length, 1);
});

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
  const known = { leaders: new Map(), missingSince: null };

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
