import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { type Delivery, delivery } from '../../../../lib/kafka/producer/delivery.ts';
import { Producer } from '../../../../lib/kafka/producer/producer.ts';
import type { Acks } from '../../../../lib/kafka/protocol/produce.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { silence } from '../fake/fake-cluster.ts';
import { answerLost, FakeKafka, hungUp, refused, requestLost, writtenButAnswered } from '../fake/fake-kafka.ts';
import { pass, stopTime, timePasses } from '../fake/virtual-time.ts';
import { recordOf } from '../record-batch/records.ts';

const batchOf = (partition: number, ...values: string[]): Delivery =>
  delivery('orders', partition, writeBatch(values.map((value) => recordOf(value))), values.length);

/** A producer on a cluster whose leaders are known already. */
async function producerOn(t: TestContext, kafka: FakeKafka) {
  stopTime(t);
  await timePasses(t, kafka.cluster.refresh(['orders']));
  const producer = new Producer(kafka.cluster);
  const start = (deliveries: Delivery[], { seconds = 10, acks = -1 }: { seconds?: number; acks?: Acks } = {}) =>
    producer.deliver(deliveries, { acks, deadline: Date.now() + seconds * 1000 });
  return { start, deliver: (...all: Parameters<typeof start>) => timePasses(t, start(...all)) };
}

const stampOf = (bytes: Buffer) => ({
  id: bytes.readBigInt64BE(layout.PRODUCER_ID),
  epoch: bytes.readInt16BE(layout.PRODUCER_EPOCH),
  sequence: bytes.readInt32BE(layout.BASE_SEQUENCE),
});
const stampsIn = (kafka: FakeKafka) => kafka.requests.flatMap(({ batches }) => batches.map(({ bytes }) => stampOf(bytes)));
const bytesIn = (kafka: FakeKafka) => kafka.requests.map(({ batches }) => batches[0].bytes.toString('hex'));
const offsetOf = ({ outcome }: Delivery) => (outcome?.error === 0 ? outcome.baseOffset : outcome);

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

for (const [what, fault] of Object.entries({
  'a lost answer': answerLost,
  'a lost request': requestLost,
  'a broker that hangs up': hungUp,
})) {
  test(`after ${what} the very same bytes go out again, over a new connection, and lie in the log once`, async (t) => {
    const kafka = new FakeKafka([1]);
    const { deliver } = await producerOn(t, kafka);
    const opened = kafka.cluster.opened.length;
    kafka.script(1, fault, fault);
    const one = batchOf(0, 'a', 'b');

    await deliver([one]);

    assert.equal(offsetOf(one), 0);
    assert.equal(one.maybeWritten, false);
    assert.equal(kafka.requests.length, 3);
    assert.equal(new Set(bytesIn(kafka)).size, 1);
    assert.equal(kafka.batchesOf(0).length, 1);
    assert.ok(kafka.cluster.opened.length > opened);
  });
}

for (const error of [-1, 7, 13, 20, 56]) {
  test(`after error ${error}, which leaves it open, the very same bytes go out again`, async (t) => {
    const kafka = new FakeKafka([1, 1]);
    const { deliver } = await producerOn(t, kafka);
    kafka.script(1, writtenButAnswered(error));
    const one = batchOf(0, 'a');

    await deliver([one]);

    assert.equal(offsetOf(one), 0);
    assert.equal(new Set(bytesIn(kafka)).size, 1);
    assert.equal(kafka.batchesOf(0).length, 1);
  });
}

test('a leader that refuses for the moment is asked again until it accepts', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, refused(19), refused(5), refused(3), refused(2), refused(74));
  const one = batchOf(0, 'a');

  await deliver([one]);

  assert.equal(offsetOf(one), 0);
  assert.equal(kafka.requests.length, 6);
  assert.equal(new Set(bytesIn(kafka)).size, 1);
});

test('a leader that moved is followed', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.leaders = [2];
  const one = batchOf(0, 'a');

  await deliver([one]);

  assert.equal(offsetOf(one), 0);
  assert.deepEqual(
    kafka.requests.map(({ broker }) => broker),
    [1, 2],
  );
});

test('a silent leader is left as soon as metadata names its successor', async (t) => {
  const kafka = new FakeKafka([1]);
  const { start } = await producerOn(t, kafka);
  kafka.always(1, requestLost);
  const began = Date.now();
  const one = batchOf(0, 'a');
  const writing = start([one], { seconds: 29 });
  await pass(t, 4000);

  kafka.leaders = [2];
  await timePasses(t, writing);

  assert.equal(offsetOf(one), 0);
  assert.ok(Date.now() - began < 4600, 'not only when the silent broker is given up again');
});

test('a silent leader that comes back is still the one', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, requestLost, requestLost, requestLost);
  const one = batchOf(0, 'a');

  await deliver([one], { seconds: 29 });

  assert.equal(offsetOf(one), 0);
  assert.equal(kafka.cluster.isSuspect(1), false);
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

test('a refusal of a later copy does not make an unsure batch a sure one', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, answerLost, refused(29));
  const one = batchOf(0, 'a');

  await deliver([one]);

  assert.equal(one.outcome?.error, 29);
  assert.equal(one.maybeWritten, true);
});

test('sequences that the broker knows otherwise start anew in the next epoch, in a copy of the batch', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a')]);
  kafka.logs[0].advance(3);
  const one = batchOf(0, 'b');
  const before = one.batch;

  await deliver([one]);
  const bytesBefore = Buffer.from(before);
  await deliver([batchOf(0, 'c')]);

  assert.equal(offsetOf(one), 1);
  assert.deepEqual(stampsIn(kafka).slice(1), [
    { id: 1000n, epoch: 0, sequence: 1 },
    { id: 1000n, epoch: 1, sequence: 0 },
    { id: 1000n, epoch: 1, sequence: 1 },
  ]);
  assert.ok(one.batch !== before);
  assert.deepEqual(stampOf(bytesBefore), { id: 1000n, epoch: 0, sequence: 1 }, 'the old bytes may still be on their way');
});

for (const error of [47, 59, 90]) {
  test(`a producer that the broker no longer takes (${error}) goes on with a new id`, async (t) => {
    const kafka = new FakeKafka([1]);
    const { deliver } = await producerOn(t, kafka);
    await deliver([batchOf(0, 'a')]);
    kafka.script(1, refused(error));
    const one = batchOf(0, 'b');

    await deliver([one]);

    assert.equal(offsetOf(one), 1);
    assert.deepEqual(stampsIn(kafka).at(-1), { id: 1001n, epoch: 0, sequence: 0 });
  });
}

test('a batch that starts anew is fenced off from its earlier copies: what becomes of it is sure again', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, requestLost, refused(45), refused(10));
  const one = batchOf(0, 'a');

  await deliver([one]);

  assert.equal(one.outcome?.error, 10);
  assert.equal(one.maybeWritten, false);
});

test('a producer that is unknown after a lost answer may have written: no second copy', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, answerLost, refused(59));
  const one = batchOf(0, 'a');

  await deliver([one]);

  assert.equal(one.outcome?.error, 59);
  assert.equal(one.maybeWritten, true);
  assert.equal(kafka.batchesOf(0).length, 1);
});

test('a broker that never agrees on sequences is not asked for ever', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.always(1, refused(45));
  const one = batchOf(0, 'a');

  await deliver([one]);

  assert.equal(one.outcome?.error, 45);
  assert.equal(one.maybeWritten, false);
  assert.equal(kafka.requests.length, 4);
});

test('at the deadline a batch without an answer is given up: perhaps written, its connection closed, its epoch left', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.script(1, answerLost);
  const connection = await kafka.cluster.connection('broker-1:9092');
  const [given, next] = [batchOf(0, 'a'), batchOf(0, 'b')];
  const began = Date.now();

  await deliver([given], { seconds: 1 });
  assert.equal(Date.now() - began, 1000);
  await deliver([next]);

  assert.deepEqual([given.outcome, given.maybeWritten], [null, true]);
  assert.equal(connection.closed, true);
  assert.equal(offsetOf(next), 1);
  assert.deepEqual(stampsIn(kafka), [
    { id: 1000n, epoch: 0, sequence: 0 },
    { id: 1000n, epoch: 1, sequence: 0 },
  ]);
});

test('a batch that was given up is fenced off: let go later, it is refused', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a')]);
  let letGo = () => {};
  kafka.script(1, (turn) => {
    letGo = () => void turn.write();
    return silence();
  });
  const [given, next] = [batchOf(0, 'b'), batchOf(0, 'c')];

  await deliver([given], { seconds: 1 });
  await deliver([next]);
  letGo();

  assert.deepEqual([given.outcome, offsetOf(next)], [null, 1]);
  assert.equal(kafka.batchesOf(0).length, 2);
});

test('every identity in doubt is left at the deadline, not only that of the first batch', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const { deliver } = await producerOn(t, kafka);
  await deliver([batchOf(1, 'a')]);
  kafka.logs[1].advance(3);
  kafka.always(1, requestLost);
  kafka.script(2, (turn) => turn.write(), answerLost, requestLost, requestLost, requestLost);

  await deliver([batchOf(0, 'x'), batchOf(1, 'b')], { seconds: 5 });
  kafka.script(2);
  const next = batchOf(1, 'c');
  await deliver([next]);

  assert.equal(offsetOf(next), 2);
  assert.equal(kafka.batchesOf(1).length, 3, 'the next batch is not taken for a copy of the one that was given up');
});

test('an answer of a leader that was left settles nothing', async (t) => {
  const kafka = new FakeKafka([1]);
  const { start } = await producerOn(t, kafka);
  const late = Promise.withResolvers<void>();
  kafka.script(1, requestLost, async (turn) => {
    await late.promise;
    return turn.refuse(29);
  });
  const one = batchOf(0, 'a');
  const writing = start([one]);
  await pass(t, 3000);
  kafka.leaders = [2];
  await timePasses(t, writing);

  late.resolve();
  await pass(t, 100);

  assert.equal(offsetOf(one), 0);
});

test('a connection that opens after the deadline is sent nothing', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a')]);
  const connection = await kafka.cluster.connection('broker-1:9092');
  const opening = Promise.withResolvers<typeof connection>();
  t.mock.method(kafka.cluster, 'connection', () => opening.promise);
  const one = batchOf(0, 'b');

  await deliver([one], { seconds: 1 });
  opening.resolve(connection);
  await pass(t, 100);

  assert.deepEqual([one.outcome, one.maybeWritten], [null, false]);
  assert.equal(kafka.requests.length, 1);
});

test('where no leader can be reached the batch was not written', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a')]);
  (await kafka.cluster.connection('broker-1:9092')).close();
  kafka.cluster.refusals.set('broker-1:9092', () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  const one = batchOf(0, 'b');

  await deliver([one], { seconds: 2 });

  assert.deepEqual([one.outcome, one.maybeWritten], [null, false]);
  assert.ok(one.cause instanceof GatewayError && one.cause.name === 'KafkaUnavailable');
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

test('batches of other leaders do not wait for one that fails for the moment', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const { start } = await producerOn(t, kafka);
  kafka.always(1, requestLost);
  kafka.script(2, refused(19), refused(19), refused(19));
  const [slow, quick] = [batchOf(0, 'a'), batchOf(1, 'b')];
  const writing = start([slow, quick], { seconds: 20 });

  await pass(t, 1000);

  assert.equal(offsetOf(quick), 0);
  assert.equal(slow.outcome, null);
  kafka.script(1);
  await timePasses(t, writing);
  assert.equal(offsetOf(slow), 0);
});

test('where one leader fails for good the other batches are still settled before the partitions are free', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const { start, deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a'), batchOf(1, 'b')]);
  const denied = new GatewayError('KafkaAuthentication', 'denied');
  (await kafka.cluster.connection('broker-1:9092')).close();
  kafka.cluster.refusals.set('broker-1:9092', () => denied);
  kafka.script(2, requestLost);
  const [failed, other, behind] = [batchOf(0, 'c'), batchOf(1, 'd'), batchOf(1, 'e')];

  const first = assert.rejects(timePasses(t, start([failed, other], { seconds: 10 })), { name: 'KafkaAuthentication' });
  const second = start([behind], { seconds: 20 });
  await first;
  await timePasses(t, second);

  assert.deepEqual([failed.outcome, failed.maybeWritten], [null, false]);
  assert.deepEqual([offsetOf(other), offsetOf(behind)], [1, 2]);
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

test('acks=0: what the socket does not take by the deadline may arrive all the same', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  kafka.always(1, requestLost);
  const one = batchOf(0, 'a');

  await deliver([one], { acks: 0, seconds: 1 });

  assert.deepEqual([one.outcome, one.maybeWritten], [null, true]);
});

test('a batch whose turn does not come before the deadline was not written, and leaves the lane alone', async (t) => {
  const kafka = new FakeKafka([1]);
  const { start } = await producerOn(t, kafka);
  kafka.script(1, requestLost);
  const [first, late, third] = [batchOf(0, 'a'), batchOf(0, 'b'), batchOf(0, 'c')];

  await timePasses(t, Promise.all([start([first]), start([late], { seconds: 1 }), start([third])]));

  assert.deepEqual([late.outcome, late.maybeWritten], [null, false]);
  assert.deepEqual([offsetOf(first), offsetOf(third)], [0, 1]);
});
