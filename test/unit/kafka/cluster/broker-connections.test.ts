import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CredentialSource } from '../../../../lib/credentials/credential-source.ts';
import { GatewayError } from '../../../../lib/errors.ts';
import { Cluster, type ClusterSettings } from '../../../../lib/kafka/cluster/cluster.ts';
import { again } from '../../../../lib/kafka/cluster/retry.ts';
import type { ConnectionCredentials } from '../../../../lib/kafka/connection/authentication/credentials.ts';
import { fetchRecords } from '../../../../lib/kafka/fetch/fetch-records.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { fetchAnswer, keys, metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { type FakeBroker, startBroker, withPlain } from '../../../harness/fake-broker/fake-broker.ts';
import { FakeCluster, silence, topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime } from '../../../harness/virtual-time.ts';
import { longPoll, PLENTY_MS } from '../connection/connecting.ts';

const brokerAt = (id: number, { port }: FakeBroker) => ({ id, host: '127.0.0.1', port });
const answer = () => metadataAnswer({});

function clusterOf(t: TestContext, brokers: FakeBroker[], settings: Partial<ClusterSettings> = {}): Cluster {
  const cluster = new Cluster({
    bootstrapServers: brokers.map(({ address }) => address),
    clientId: 'test',
    ssl: null,
    credentials: null,
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
  const refusals: ConnectionCredentials[] = [];
  const source: CredentialSource<ConnectionCredentials> = {
    current: async () => ({ sasl: { mechanism: 'plain', username: 'gateway', password }, certificate: null }),
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
  const cluster = clusterOf(t, [broker], { credentials: source });

  const all = await Promise.all([cluster.connection(broker.address), cluster.connection(broker.address)]);

  assert.equal(all[0].open, true);
  assert.deepEqual(
    refusals.map(({ sasl }) => sasl !== null && 'password' in sasl && [sasl.username, sasl.password]),
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
    const cluster = clusterOf(t, [broker], { credentials: source });

    await assert.rejects(async () => cluster.connection(broker.address), { name: 'KafkaAuthentication' });

    assert.equal(refusals.length, renewed === null ? 1 : 2);
    assert.equal(broker.connections, renewed === null ? 1 : 3);
  });
}

test('credentials that cannot be had fail the connection as they say, and nobody is suspected', async (t) => {
  const broker = await startBroker(t, answer);
  const missing = new Error('no secret');
  const cluster = clusterOf(t, [broker], { credentials: { current: () => Promise.reject(missing), renew: () => assert.fail() } });
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

test('a user that Kafka refuses is what the settings say, and no other credentials are looked for', async (t) => {
  const broker = await startBroker(
    t,
    withPlain(() => false, answer),
  );
  const refused = new GatewayError('Unauthorized', 'Kafka refuses these credentials: check them');
  const cluster = clusterOf(t, [broker], {
    credentials: {
      current: async () => ({ sasl: { mechanism: 'plain', username: 'alice', password: 'wrong' }, certificate: null }),
      renew: () => assert.fail('there are no others'),
    },
    onUserRefusal: (cause) => {
      assert.match(String(cause), /Authentication failed/);
      return refused;
    },
  });

  await assert.rejects(cluster.anyBroker(), refused);

  assert.equal(cluster.accepted, false);
  assert.equal(broker.connections, 1);
});

test('that Kafka accepted the credentials is known from the first connection on', async (t) => {
  const [broker] = await startBrokers(t, 1);
  const cluster = clusterOf(t, [broker]);
  const before = cluster.accepted;

  await cluster.anyBroker();
  cluster.close();

  assert.deepEqual([before, cluster.accepted], [false, true]);
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
