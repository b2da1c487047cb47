import assert from 'node:assert/strict';
import { test } from 'node:test';
import { again } from '../../../../lib/kafka/cluster/retry.ts';
import type { ConnectionCredentials } from '../../../../lib/kafka/connection/authentication/credentials.ts';
import { fetchRecords } from '../../../../lib/kafka/fetch/fetch-records.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { fetchAnswer, keys, metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../../harness/fake-broker/fake-broker.ts';
import { silence, topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime } from '../../../harness/virtual-time.ts';
import { longPoll, PLENTY_MS } from '../connection/connecting.ts';
import { answer, brokerAt, clusterOf, startBrokers } from './connected-cluster.ts';

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
  const polling = first.send(longPoll, PLENTY_MS);

  const [second, same] = await Promise.all([cluster.connection(broker.address), cluster.connection(broker.address)]);
  await second.send(metadata(null), PLENTY_MS);
  polled.resolve(fetchAnswer({ topic: 'orders', partition: 0 }));
  await polling;

  assert.notEqual(second, first);
  assert.equal(same, second);
  assert.equal(await cluster.connection(broker.address), first, 'the first is free again');
  assert.equal(broker.connections, 2);
});

test('many who begin to poll at once get a connection each, which are opened at the same time', async (t) => {
  const COUNT = 20;
  const all = Promise.withResolvers<void>();
  const polled = Promise.withResolvers<void>();
  let polls = 0;
  const broker = await startBroker(t, silence);
  broker.respond = async (request) => {
    if (request.key !== keys.apiVersions) return others(request);
    if (broker.connections === COUNT) all.resolve();
    if (broker.connections > 1) await all.promise;
    return broker.apiVersions();
  };
  const others = async ({ key }: { key: number }) => {
    if (key !== keys.fetch) return metadataAnswer({ brokers: [brokerAt(1, broker)], topics: [topicOn('orders', 1)] });
    if (++polls === COUNT) polled.resolve();
    await polled.promise;
    return fetchAnswer({ topic: 'orders', partition: 0 });
  };
  const cluster = clusterOf(t, [broker]);
  const options = { isolation: 'read_committed', visible: allVisible, maxBytes: 1000, minBytes: 1, maxRecords: 1, waitMs: 1000 } as const;

  const pages = await Promise.all(
    Array.from({ length: COUNT }, () =>
      fetchRecords(cluster, 'orders', 0, { ...options, position: { offset: 0 }, deadline: Date.now() + PLENTY_MS }),
    ),
  );

  assert.equal(pages.length, COUNT);
  assert.equal(broker.connections, COUNT);
});

test('a quota keeps those waiting who move data, and nobody else; not more than one connection is opened for it', async (t) => {
  stopTime(t);
  const broker = await startBroker(t, () => {
    const throttled = answer();
    throttled.writeInt32BE(5000, 0);
    return throttled;
  });
  const cluster = clusterOf(t, [broker]);
  const first = await cluster.connection(broker.address);
  await first.send(metadata(null), PLENTY_MS);

  assert.equal(cluster.connection(broker.address, 'data'), first);
  const second = await cluster.connection(broker.address);
  assert.notEqual(second, first);
  await second.send(metadata(null), PLENTY_MS);
  assert.equal(cluster.connection(broker.address), second, 'that quota is for all requests');
  t.mock.timers.tick(5000);

  assert.equal(cluster.connection(broker.address), first);
  assert.equal(broker.connections, 2);
});

test('a broker that a quota keeps from reading is asked after others, and not at all where that outlasts every request', async (t) => {
  stopTime(t);
  const throttled = (forMs: number) => () => {
    const held = answer();
    held.writeInt32BE(forMs, 0);
    return held;
  };
  const [held, free] = [await startBroker(t, throttled(33_000)), await startBroker(t, throttled(0))];
  const cluster = clusterOf(t, [held, free]);
  for (let i = 0; i < 2; i++) await (await cluster.connection(held.address)).send(metadata(null), PLENTY_MS);

  for (let i = 0; i < 10; i++) assert.equal((await cluster.anyBroker()).address, free.address);
  cluster.suspect(free.address);
  await assert.rejects(cluster.anyBroker(), { name: 'QuotaExceeded', headers: { 'retry-after': '33' } });
  t.mock.timers.tick(5000);

  assert.equal((await cluster.anyBroker()).address, held.address);
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

test('closing closes every connection, and what comes later opens new ones', async (t) => {
  const brokers = await startBrokers(t, 2);
  const cluster = clusterOf(t, brokers);
  const open = await Promise.all(brokers.map(({ address }) => cluster.connection(address)));

  cluster.close();

  assert.ok(open.every(({ closed }) => closed));
  assert.equal((await cluster.connection(brokers[0].address)).open, true);
});

test('what was retired stays closed, also where credentials were still awaited', async (t) => {
  const [broker] = await startBrokers(t, 1);
  const credentials = Promise.withResolvers<ConnectionCredentials>();
  const cluster = clusterOf(t, [broker], { credentials: { current: () => credentials.promise, renew: async () => false } });
  const connecting = assert.rejects(async () => cluster.connection(broker.address), { name: 'KafkaUnavailable' });

  cluster.retire();
  credentials.resolve({ sasl: null, certificate: null });

  await connecting;
  await assert.rejects(async () => cluster.connection(broker.address), { name: 'KafkaUnavailable' });
  assert.equal(broker.connections, 0);
});

test('what is asked of a retired cluster is not tried again', async (t) => {
  stopTime(t);
  const [broker] = await startBrokers(t, 1);
  const cluster = clusterOf(t, [broker]);
  cluster.retire();

  const asked = again(Date.now() + 10_000, () => cluster.anyBroker());

  await assert.rejects(asked, { name: 'KafkaUnavailable' });
});

for (const [newest, epoch] of [
  [8, -1],
  [9, 4],
] as const) {
  test(`of a broker whose newest version of Metadata is ${newest}, the leader's epoch is taken for ${epoch}`, async (t) => {
    const partition = { id: 0, leader: 1, leaderEpoch: 4 };
    const broker = await startBroker(t, ({ version }) =>
      metadataAnswer({ topics: [{ name: 'orders', partitions: [partition] }] }, version),
    );
    broker.versions = [
      [keys.metadata, 0, newest],
      [keys.apiVersions, 0, 4],
    ];
    const cluster = clusterOf(t, [broker]);

    await cluster.metadata(['orders']);

    assert.equal(cluster.known('orders')?.leaders.get(0), 1);
    assert.equal(cluster.leaderEpochOf('orders', 0), epoch);
  });
}
