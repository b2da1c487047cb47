import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initProducerId } from '../../../../lib/kafka/protocol/init-producer-id.ts';
import { listGroups } from '../../../../lib/kafka/protocol/list-groups.ts';
import { metadata } from '../../../../lib/kafka/protocol/metadata.ts';
import { produce } from '../../../../lib/kafka/protocol/produce.ts';
import { initProducerIdAnswer, keys, produceAnswer, readMetadata, readProduce } from '../../../harness/fake-broker/broker-side.ts';
import { startBroker } from '../../../harness/fake-broker/fake-broker.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { ask, connectionTo, echo, longPoll, PLENTY_MS } from './connecting.ts';

test('it connects once, whoever asks, and begins with the versions that the broker speaks', async (t) => {
  const broker = await startBroker(t, echo);
  const connection = connectionTo(t, broker.address);
  assert.deepEqual([connection.open, connection.closed], [false, false]);

  await Promise.all([connection.connect(), connection.connect(), connection.connect()]);

  assert.deepEqual([connection.open, connection.closed], [true, false]);
  assert.equal(broker.connections, 1);
  assert.deepEqual(
    broker.requests.map(({ key, version, clientId }) => ({ key, version, clientId })),
    [{ key: keys.apiVersions, version: 0, clientId: 'grüße' }],
  );
});

test('answers find their requests, in whatever order they come', async (t) => {
  const late = Promise.withResolvers<void>();
  const broker = await startBroker(t, async (request) => {
    if (readMetadata(request.body).topics?.[0] === 'first') await late.promise;
    else late.resolve();
    return echo(request);
  });
  const connection = connectionTo(t, broker.address);
  await connection.connect();

  const answers = await Promise.all(['first', 'second', 'third'].map((topic) => ask(connection, topic)));

  assert.deepEqual(answers, ['first', 'second', 'third']);
  assert.equal(broker.connections, 1);
});

test('the newest version is used that both sides speak', async (t) => {
  const broker = await startBroker(t, () => initProducerIdAnswer({ id: 5n }));
  broker.versions = [[keys.initProducerId, 0, 0]];
  const old = connectionTo(t, broker.address);
  await old.connect();
  await old.send(initProducerId, PLENTY_MS);
  broker.versions = [[keys.initProducerId, 0, 99]];
  const recent = connectionTo(t, broker.address);
  await recent.connect();
  await recent.send(initProducerId, PLENTY_MS);

  const versions = broker.requests.filter(({ key }) => key === keys.initProducerId).map(({ version }) => version);
  assert.deepEqual(versions, [0, 1]);
});

test('what the broker speaks can be asked beforehand', async (t) => {
  const broker = await startBroker(t, echo);
  broker.versions = [
    [keys.initProducerId, 0, 0],
    [keys.metadata, 99, 99],
  ];
  const connection = connectionTo(t, broker.address);
  await connection.connect();

  assert.equal(connection.speaks(initProducerId), true);
  assert.equal(connection.speaks(metadata(null)), false);
  assert.equal(connection.speaks(listGroups), false);
});

test('a broker that speaks no version of ours is told of, and the connection stays', async (t) => {
  const broker = await startBroker(t, echo);
  broker.versions = [
    [keys.metadata, 0, 13],
    [keys.fetch, 0, 9],
    [keys.produce, 9, 13],
  ];
  const connection = connectionTo(t, broker.address);
  await connection.connect();

  const refusal = { name: 'KafkaRefused', message: /Kafka 2\.4 or newer/ };
  await assert.rejects(connection.send(initProducerId, PLENTY_MS), refusal);
  await assert.rejects(connection.send(produce([], -1, 1), PLENTY_MS), refusal);
  await assert.rejects(connection.send(longPoll, PLENTY_MS), refusal);
  await assert.rejects(connection.post(produce([], 0, 1)), refusal);

  assert.equal(connection.open, true);
  assert.equal(await ask(connection, 'orders'), 'orders');
});

test('requests of any size arrive as they are', async (t) => {
  const seen: Buffer[] = [];
  const broker = await startBroker(t, ({ body, version }) => {
    const { batches } = readProduce(body);
    seen.push(...batches.map(({ batch }) => Buffer.from(batch)));
    return produceAnswer(version, [{ topic: 'orders', partition: 0, error: 0, baseOffset: 3 }]);
  });
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const batches = [10, 65_400, 65_600, 3_000_000].map((size) => Buffer.alloc(size, `${size} `));

  for (const batch of batches) await connection.send(produce([{ topic: 'orders', partition: 0, batch }], -1, 1), PLENTY_MS);

  assert.ok(batches.every((batch, i) => batch.equals(seen[i])));
});

test('a request without an answer is done when it is sent', async (t) => {
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const arrived = broker.received(keys.produce);

  await connection.post(produce([{ topic: 'orders', partition: 0, batch: Buffer.alloc(200_000) }], 0, 1));

  await arrived;
  assert.equal(readProduce(broker.requests[1].body).acks, 0);
  assert.equal(connection.open, true);
});

test('a broker that hangs up closes the connection: what is under way fails, what comes after it too', async (t) => {
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const arrived = broker.received(keys.metadata);
  const asking = assert.rejects(connection.send(metadata(null), PLENTY_MS));
  await arrived;

  broker.hangUp();

  await asking;
  assert.deepEqual([connection.open, connection.closed], [false, true]);
  assert.equal(connection.silentSince, null, 'that was no silence');
  await assert.rejects(connection.send(metadata(null), PLENTY_MS), /closed/);
  await assert.rejects(connection.post(metadata(null)), /closed/);
});

test('closing rejects what is under way at once, with the cause given', async (t) => {
  const broker = await startBroker(t, silence);
  const connection = connectionTo(t, broker.address);
  await connection.connect();
  const cause = new Error('given up');
  const asking = connection.send(metadata(null), PLENTY_MS);

  connection.close(cause);
  connection.close(new Error('closed twice'));

  await assert.rejects(asking, (error) => error === cause);
  assert.equal(connection.closed, true);
});

test('a port where nobody listens fails with what Node says, and the connection is closed', async (t) => {
  const broker = await startBroker(t, silence);
  const { address } = broker;
  await broker.stop();
  const connection = connectionTo(t, address);

  await assert.rejects(connection.connect(), { code: 'ECONNREFUSED' });

  assert.equal(connection.closed, true);
});

test('an answer that is not what its version promises closes the connection', async (t) => {
  const broker = await startBroker(t, () => Buffer.from([0, 0, 0, 0, 0, 0, 0, 9]));
  const connection = connectionTo(t, broker.address);
  await connection.connect();

  await assert.rejects(connection.send(metadata(null), PLENTY_MS), RangeError);

  assert.equal(connection.closed, true);
});
