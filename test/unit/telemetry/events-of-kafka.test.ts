import assert from 'node:assert/strict';
import { beforeEach, suite, type TestContext, test } from 'node:test';
import type { CredentialSource } from '../../../lib/credentials/credential-source.ts';
import { askLeaders } from '../../../lib/kafka/cluster/ask-leaders.ts';
import { Cluster, type ClusterSettings } from '../../../lib/kafka/cluster/cluster.ts';
import { again } from '../../../lib/kafka/cluster/retry.ts';
import type { ConnectionCredentials } from '../../../lib/kafka/connection/authentication/credentials.ts';
import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import { kafkaError } from '../../../lib/kafka/error-codes.ts';
import { ProducerIdentity } from '../../../lib/kafka/produce/identity.ts';
import { metadata } from '../../../lib/kafka/protocol/metadata.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { initProducerIdAnswer, metadataAnswer } from '../../harness/fake-broker/broker-side.ts';
import { clusterSettings } from '../../harness/fake-broker/cluster-settings.ts';
import { startBroker, withPlain } from '../../harness/fake-broker/fake-broker.ts';
import { brokersOf, FakeCluster, silence, topicOn, withMetadata } from '../../harness/fake-broker/fake-cluster.ts';
import { offsetFetchAnswer } from '../../harness/fake-broker/group-coordinator-side.ts';
import { until } from '../../harness/until.ts';
import { stopTime, timePasses } from '../../harness/virtual-time.ts';
import { PLENTY_MS, user } from '../kafka/connection/connecting.ts';
import { clusterWith, committed, NOT_COORDINATOR } from '../kafka/groups/group-cluster.ts';

const SASL_SESSION_MS = 40_000;
const NOT_LEADER = 6;

beforeEach(() => setLogLevel('debug'));

/** Collects what is logged at the level debug from here on, without what every line has. */
function debugLines(t: TestContext) {
  const lines = captureLog(t);
  return (event: string) =>
    lines.filter((line) => line.event === event).map(({ timestamp: _, message: _message, event: _event, ...fields }) => fields);
}

const answer = () => metadataAnswer({});

const signedIn: CredentialSource<ConnectionCredentials> = {
  current: async () => ({ sasl: user, certificate: null }),
  renew: async () => false,
};

function clusterOf(t: TestContext, address: string, settings: Partial<ClusterSettings> = {}): Cluster {
  const cluster = new Cluster(clusterSettings([address], settings));
  t.after(() => cluster.close());
  return cluster;
}

suite('of a connection', () => {
  test('it is told that it was opened, how, and by which mechanism, and nothing of the password', async (t) => {
    const broker = await startBroker(
      t,
      withPlain(() => true, answer),
    );
    const lines = captureLog(t);

    await clusterOf(t, broker.address, { credentials: signedIn }).connection(broker.address);

    const [{ timestamp: _, ms, ...line }] = lines;
    assert.equal(typeof ms, 'number');
    const message = 'A connection to a broker is open';
    assert.deepEqual(line, { level: 'DEBUG', event: 'connection_opened', message, broker: broker.address, tls: false, mechanism: 'plain' });
    assert.ok(!JSON.stringify(lines).includes('p4ssword'));
  });

  test('it is told why it could not be opened, and nothing of the password', async (t) => {
    const broker = await startBroker(
      t,
      withPlain(() => false, answer),
    );
    const of = debugLines(t);

    await assert.rejects(async () => clusterOf(t, broker.address, { credentials: signedIn }).connection(broker.address));

    const [{ broker: address, reason }] = of('connection_failed');
    assert.equal(address, broker.address);
    assert.match(String(reason), /Invalid username or password/);
    assert.ok(!JSON.stringify(of('connection_failed')).includes('p4ssword'));
    assert.deepEqual(of('connection_closed'), []);
  });

  test('it is told once that it is closed, by us', async (t) => {
    const broker = await startBroker(t, answer);
    const connection = new BrokerConnection(broker.address, { clientId: 'test', ssl: null }, null);
    const of = debugLines(t);
    await connection.connect();

    connection.close(new Error('it was in the way'));
    connection.close();

    assert.deepEqual(of('connection_closed'), [{ level: 'DEBUG', broker: broker.address, reason: 'it was in the way' }]);
  });

  test('it is told that the broker hung up, at once, and that it is replaced when it is next needed', async (t) => {
    const broker = await startBroker(t, answer);
    const cluster = clusterOf(t, broker.address);
    const of = debugLines(t);
    await cluster.connection(broker.address);
    broker.hangUp();
    await until(() => of('connection_closed').length > 0);

    await cluster.connection(broker.address);

    const told = { level: 'DEBUG', broker: broker.address, reason: 'the broker hung up' };
    assert.deepEqual([of('connection_closed'), of('connection_replaced')], [[told], [told]]);
  });

  test('it is told that it is replaced after it was idle, and for how long', async (t) => {
    stopTime(t);
    const broker = await startBroker(t, answer);
    const cluster = clusterOf(t, broker.address, { maxIdleMs: 60_000 });
    const of = debugLines(t);
    await cluster.connection(broker.address);
    t.mock.timers.setTime(Date.now() + 61_000);

    await cluster.connection(broker.address);

    const told = { level: 'DEBUG', broker: broker.address, reason: 'it was idle for 61000 ms' };
    assert.deepEqual([of('connection_closed'), of('connection_replaced')], [[told], [told]]);
  });

  test('it is told that its session is renewed', async (t) => {
    stopTime(t);
    const broker = await startBroker(
      t,
      withPlain(() => true, answer, SASL_SESSION_MS),
    );
    const of = debugLines(t);
    const connection = await clusterOf(t, broker.address, { credentials: signedIn }).connection(broker.address);
    t.mock.timers.setTime(Date.now() + SASL_SESSION_MS);

    await connection.send(metadata([]), PLENTY_MS);

    assert.deepEqual(of('session_renewed'), [{ level: 'DEBUG', broker: broker.address }]);
  });
});

suite('of metadata', () => {
  test('it is told why it was asked for, who answered, and what is known now', async (t) => {
    stopTime(t);
    const error = { now: 0 };
    const content = () => ({ brokers: brokersOf(2), topics: [{ ...topicOn('orders', 1), error: error.now }] });
    const broker = withMetadata(content, silence);
    const cluster = new FakeCluster({ 'broker-1:9092': broker, 'broker-2:9092': broker }, { bootstrapServers: ['broker-1:9092'] });
    const of = debugLines(t);

    await cluster.refresh(['orders']);
    await cluster.refresh(['orders']);
    t.mock.timers.setTime(Date.now() + 300_000);
    error.now = 29;
    await cluster.refresh(['orders']);
    await cluster.refresh(['orders']);
    await cluster.metadata([]);
    await cluster.metadata(null);

    const told = of('metadata_refreshed');
    assert.deepEqual(
      told.map(({ reason }) => reason),
      [
        'a topic is not known',
        'what is known of a topic is in doubt',
        'what is known of a topic is old',
        'a topic had the error 29',
        'the brokers are wanted',
        'all topics are wanted',
      ],
    );
    const { reason: _, ...first } = told[0];
    const brokers = ['1 broker-1:9092', '2 broker-2:9092'];
    assert.deepEqual(first, { level: 'DEBUG', broker: 'broker-1:9092', brokers, topics: ['orders'], topicCount: 1 });
  });

  test('of a thousand topics twenty are named', async (t) => {
    const topics = Array.from({ length: 1000 }, (_, i) => topicOn(`topic-${i}`, 1));
    const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(() => ({ brokers: brokersOf(1), topics }), silence) });
    const of = debugLines(t);

    await cluster.metadata(null);

    const [{ topics: named, topicCount }] = of('metadata_refreshed');
    assert.deepEqual([Array.isArray(named) && named.length, topicCount], [20, 1000]);
  });
});

suite('of what is tried again', () => {
  test('it is told how often it was tried, why it failed and how long the pause is', async (t) => {
    stopTime(t);
    const of = debugLines(t);
    const failures: unknown[] = [kafkaError(NOT_LEADER), new Error('connection lost')];
    const attempt = async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    };

    await timePasses(t, again(Date.now() + PLENTY_MS, attempt));

    assert.deepEqual(of('retry'), [
      { level: 'DEBUG', tries: 1, pauseMs: 20, reason: 'Kafka answered NOT_LEADER_OR_FOLLOWER (6)' },
      { level: 'DEBUG', tries: 2, pauseMs: 40, reason: 'connection lost' },
    ]);
  });

  test('leaders are asked again', async (t) => {
    stopTime(t);
    const cluster = new FakeCluster({
      'broker-1:9092': withMetadata(() => ({ brokers: brokersOf(1), topics: [topicOn('orders', 1)] }), silence),
    });
    const of = debugLines(t);
    const errors = [NOT_LEADER, 0];
    const ask = async () => [{ partition: 0, error: errors.shift() ?? 0 }];

    await timePasses(t, askLeaders(cluster, 'orders', [0], Date.now() + PLENTY_MS, ask));

    assert.deepEqual(of('retry'), [{ level: 'DEBUG', tries: 1, pauseMs: 20, reason: 'Kafka answered NOT_LEADER_OR_FOLLOWER (6)' }]);
  });

  test('a partition that nobody leads is asked for again', async (t) => {
    stopTime(t);
    const leaders = [-1, 1];
    const topics = () => [topicOn('orders', leaders.length > 1 ? Number(leaders.shift()) : leaders[0])];
    const cluster = new FakeCluster({ 'broker-1:9092': withMetadata(() => ({ brokers: brokersOf(1), topics: topics() }), silence) });
    const of = debugLines(t);

    await timePasses(
      t,
      askLeaders(cluster, 'orders', [0], Date.now() + PLENTY_MS, async () => [{ partition: 0, error: 0 }]),
    );

    assert.match(String(of('retry')[0].reason), /^no leader is known/);
  });
});

test('of a consumer group it is told where its coordinator has moved to, and not that it was looked up first', async (t) => {
  const { kafka, fetch } = clusterWith(t, (_, broker) =>
    broker === kafka.coordinator ? offsetFetchAnswer(committed) : offsetFetchAnswer([], NOT_COORDINATOR),
  );
  const of = debugLines(t);
  await fetch();
  assert.deepEqual(of('coordinator_moved'), []);
  kafka.coordinator = 2;

  await fetch();

  assert.deepEqual(of('coordinator_moved'), [{ level: 'DEBUG', group: 'g', from: 'broker-1:9092', to: 'broker-2:9092' }]);
});

suite('of the producer id', () => {
  const producer = (epoch: number) => new ProducerIdentity(new FakeCluster({ 'one:9092': () => initProducerIdAnswer({ id: 7n, epoch }) }));

  test('it is told that it was obtained, that its epoch goes on, and that it is given up', async (t) => {
    const of = debugLines(t);
    const identity = producer(3);

    const first = await identity.current(Date.now() + PLENTY_MS);
    identity.leave(first);
    identity.leave(first);
    identity.forget(await identity.current(Date.now() + PLENTY_MS));

    const told = { level: 'DEBUG', producerId: '7' };
    assert.deepEqual(of('producer_id_obtained'), [{ ...told, epoch: 3, broker: 'one:9092' }]);
    assert.deepEqual(of('producer_epoch_bumped'), [{ ...told, epoch: 4 }]);
    assert.deepEqual(of('producer_id_dropped'), [{ ...told, epoch: 4, reason: 'the brokers no longer know it' }]);
  });

  test('it is told that its epochs are used up', async (t) => {
    const of = debugLines(t);
    const identity = producer(32_000);

    identity.leave(await identity.current(Date.now() + PLENTY_MS));

    assert.equal(of('producer_id_dropped')[0].reason, 'its epochs are used up');
  });
});
