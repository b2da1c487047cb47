import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeposed, successorOf } from '../../../../lib/kafka/cluster/successor.ts';
import { FakeKafka } from '../../../harness/fake-broker/fake-kafka.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

const led = [
  { topic: 'orders', partition: 0 },
  { topic: 'orders', partition: 1 },
];

test('a leader is deposed when metadata names another one for any of its partitions', async () => {
  const kafka = new FakeKafka([1, 1]);
  const before = await isDeposed(kafka.cluster, 1, led);

  kafka.leaders = [1, 2];

  assert.equal(before, false);
  assert.equal(await isDeposed(kafka.cluster, 1, led), true);
});

test('while nobody answers, nobody is deposed', async () => {
  const kafka = new FakeKafka([1, 1]);
  await kafka.cluster.refresh(['orders']);
  for (const { host, port } of [1, 2].map((id) => ({ host: `broker-${id}`, port: 9092 }))) {
    const address = `${host}:${port}`;
    (await kafka.cluster.connection(address)).close();
    kafka.cluster.refusals.set(address, () => new Error('refused'));
  }

  assert.equal(await isDeposed(kafka.cluster, 1, led), false);
});

test('a refusal that no waiting mends ends it', async () => {
  const kafka = new FakeKafka([1, 1]);
  for (const address of ['broker-1:9092', 'broker-2:9092']) {
    kafka.cluster.refusals.set(address, () => Object.assign(new Error('denied'), { name: 'KafkaJSSASLAuthenticationError' }));
  }

  await assert.rejects(isDeposed(kafka.cluster, 1, led), { name: 'KafkaAuthentication' });
});

test('a successor is watched for every quarter of a second, until there is one', async (t) => {
  stopTime(t);
  const kafka = new FakeKafka([1, 1]);
  const refreshed = t.mock.method(kafka.cluster, 'refresh');
  let found = false;
  const watching = successorOf(kafka.cluster, 1, led, { over: false }).then(() => {
    found = true;
  });

  await pass(t, 1200);
  assert.deepEqual([found, refreshed.mock.callCount()], [false, 4]);
  kafka.leaders = [2, 1];
  await timePasses(t, watching);

  assert.deepEqual([found, refreshed.mock.callCount()], [true, 5]);
});

test('an attempt that is over is no longer watched', async (t) => {
  stopTime(t);
  const kafka = new FakeKafka([1, 1]);
  const refreshed = t.mock.method(kafka.cluster, 'refresh');
  const attempt = { over: false };
  const watching = successorOf(kafka.cluster, 1, led, attempt);

  await pass(t, 300);
  attempt.over = true;
  await timePasses(t, watching);

  assert.equal(refreshed.mock.callCount(), 1);
});
