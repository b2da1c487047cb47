import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../../harness/fake-broker/fake-broker.ts';
import { FakeCluster, silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { stopTime } from '../../../harness/virtual-time.ts';
import { PLENTY_MS } from '../connection/connecting.ts';
import { answer, clusterOf, startBrokers } from './connected-cluster.ts';

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
