import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKafka, refused, requestLost } from '../../../harness/fake-broker/fake-kafka.ts';
import { pass, timePasses } from '../../../harness/virtual-time.ts';
import { batchOf, offsetOf, producerOn, stampsIn } from './delivering.ts';

test('batches of one partition follow each other: offsets, and sequences without a gap', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  const all = [batchOf(0, 'a', 'b'), batchOf(0, 'c'), batchOf(0, 'd', 'e', 'f'), batchOf(0, 'g')];

  for (const one of all) await deliver([one]);

  assert.deepEqual(all.map(offsetOf), [0, 2, 3, 6]);
  assert.deepEqual(stampsIn(kafka), [
    { id: 1000n, epoch: 0, sequence: 0 },
    { id: 1000n, epoch: 0, sequence: 2 },
    { id: 1000n, epoch: 0, sequence: 3 },
    { id: 1000n, epoch: 0, sequence: 6 },
  ]);
  for (const { maybeWritten } of all) assert.equal(maybeWritten, false);
});

test('sequences are of each partition', async (t) => {
  const kafka = new FakeKafka([1, 1]);
  const { deliver } = await producerOn(t, kafka);

  await deliver([batchOf(0, 'a', 'b'), batchOf(1, 'c')]);
  await deliver([batchOf(1, 'd'), batchOf(0, 'e')]);

  assert.deepEqual(
    stampsIn(kafka).map(({ sequence }) => sequence),
    [0, 0, 1, 2],
  );
});

test('one request goes to each leader, with all its batches', async (t) => {
  const kafka = new FakeKafka([1, 2, 1]);
  const { deliver } = await producerOn(t, kafka);

  await deliver([batchOf(0, 'a'), batchOf(1, 'b'), batchOf(2, 'c')]);

  const seen = kafka.requests.map(({ broker, batches }) => `${broker}: ${batches.map(({ partition }) => partition)}`);
  assert.deepEqual(seen.sort(), ['1: 0,2', '2: 1']);
});

test('the acknowledgements asked for reach the broker', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);

  for (const acks of [-1, 1] as const) await deliver([batchOf(0, 'a')], { acks });

  assert.deepEqual(
    kafka.requests.map(({ acks }) => acks),
    [-1, 1],
  );
});

test('a leader with slow followers answers before it is taken for dead', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);

  await deliver([batchOf(0, 'a')]);

  const [{ brokerWaitMs, silenceMs }] = kafka.requests;
  assert.ok(brokerWaitMs >= 1000 && brokerWaitMs + 500 <= silenceMs);
});

test('concurrent requests to one partition are written in the order of the calls', async (t) => {
  const kafka = new FakeKafka([1]);
  const { start } = await producerOn(t, kafka);
  const all = Array.from({ length: 20 }, (_, i) => batchOf(0, `record ${i}`));

  await timePasses(t, Promise.all(all.map((one) => start([one]))));

  assert.deepEqual(all.map(offsetOf), [...all.keys()]);
});

test('a batch that is too large, or not authorized, is refused once; the sequence is still free', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, refused(10), refused(29));
  const [first, second, third] = [batchOf(0, 'a'), batchOf(0, 'b', 'c'), batchOf(0, 'd')];

  for (const one of [first, second, third]) await deliver([one]);

  assert.deepEqual([first.outcome?.error, second.outcome?.error, offsetOf(third)], [10, 29, 0]);
  assert.deepEqual([first.maybeWritten, second.maybeWritten], [false, false]);
  assert.deepEqual(
    stampsIn(kafka).map(({ sequence }) => sequence),
    [0, 0, 0],
  );
});

test('a partition without a leader is waited for', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver, start } = await producerOn(t, kafka);
  kafka.leaders = [-1];
  await timePasses(t, kafka.cluster.refresh(['orders']));
  const one = batchOf(0, 'a');
  const writing = start([one]);
  await pass(t, 1000);
  assert.equal(one.outcome, null);

  kafka.leaders = [2];
  await timePasses(t, writing);

  assert.equal(offsetOf(one), 0);
  await deliver([batchOf(0, 'b')]);
});

test('a partition that metadata does not have, and a topic that is gone, are refused without a request', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  const [missing, gone] = [batchOf(7, 'a'), batchOf(0, 'b')];

  await deliver([missing]);
  kafka.topicError = 3;
  kafka.always(1, refused(3));
  await deliver([gone]);

  assert.deepEqual([missing.outcome?.error, missing.maybeWritten], [3, false]);
  assert.deepEqual([gone.outcome?.error, gone.maybeWritten], [3, false]);
});

test('acks=0: sent once, by nobody in particular, and not waited for', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  const one = batchOf(0, 'a');

  await deliver([one], { acks: 0 });

  assert.deepEqual([one.outcome?.error, one.outcome?.baseOffset], [0, -1]);
  assert.deepEqual(stampsIn(kafka), [{ id: -1n, epoch: -1, sequence: -1 }]);
  assert.deepEqual(
    kafka.requests.map(({ acks }) => acks),
    [0],
  );
});

test('acks=0: a leader that cannot be reached is tried again', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  (await kafka.cluster.connection('broker-1:9092')).close();
  let refusals = 2;
  kafka.cluster.refusals.set('broker-1:9092', () => (refusals-- > 0 ? new Error('refused') : null));
  const one = batchOf(0, 'a');

  await deliver([one], { acks: 0 });

  assert.equal(one.outcome?.error, 0);
  assert.equal(kafka.batchesOf(0).length, 1);
});

test('acks=0: what the socket does not take by the deadline may arrive all the same; no more of it is sent', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  const connection = await kafka.cluster.connection('broker-1:9092');
  kafka.always(1, requestLost);
  const one = batchOf(0, 'a');

  await deliver([one], { acks: 0, seconds: 1 });

  assert.deepEqual([one.outcome, one.maybeWritten], [null, true]);
  assert.equal(connection.closed, true);
});
