import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../../../../lib/deadline.ts';
import { GatewayError } from '../../../../lib/errors.ts';
import { failureOf } from '../../../../lib/kafka/produce/failure.ts';
import { silence } from '../../../harness/fake-broker/fake-cluster.ts';
import { answerLost, FakeKafka, type ProduceTurn, requestLost } from '../../../harness/fake-broker/fake-kafka.ts';
import { pass, timePasses } from '../../../harness/virtual-time.ts';
import { batchOf, offsetOf, producerOn, stampsIn } from './delivering.ts';

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

for (const acks of [-1, 1, 0] as const) {
  test(`acks=${acks}: a connection that opens after the deadline is sent nothing`, async (t) => {
    const kafka = new FakeKafka([1]);
    const { deliver } = await producerOn(t, kafka);
    await deliver([batchOf(0, 'a')]);
    const connection = await kafka.cluster.connection('broker-1:9092');
    const opening = Promise.withResolvers<typeof connection>();
    t.mock.method(kafka.cluster, 'connection', () => opening.promise);
    const one = batchOf(0, 'b');

    await deliver([one], { acks, seconds: 1 });
    opening.resolve(connection);
    await pass(t, 100);

    assert.deepEqual([one.outcome, one.maybeWritten], [null, false]);
    assert.equal(kafka.requests.length, 1);
  });

  test(`acks=${acks}: a session that is renewed after the deadline is sent nothing`, async (t) => {
    const kafka = new FakeKafka([1]);
    const { deliver } = await producerOn(t, kafka);
    await deliver([batchOf(0, 'a')]);
    const renewed = Promise.withResolvers<void>();
    t.mock.method(await kafka.cluster.connection('broker-1:9092'), 'renewSession', () => renewed.promise);
    const one = batchOf(0, 'b');

    await deliver([one], { acks, seconds: 1 });
    renewed.resolve();
    await pass(t, 100);

    assert.deepEqual([one.outcome, one.maybeWritten], [null, false]);
    assert.equal(kafka.requests.length, 1);
  });
}

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

test('where a partition has no leader until the deadline the batch was not written, as Kafka cannot serve it', async (t) => {
  const kafka = new FakeKafka([-1]);
  const { deliver } = await producerOn(t, kafka);
  const one = batchOf(0, 'a');

  await deliver([one], { seconds: 2 });

  assert.deepEqual([one.outcome, one.maybeWritten], [null, false]);
  const { status, code, message } = failureOf(one, null, Date.now());
  assert.deepEqual([status, code], [503, 50003]);
  assert.match(message, /not written/);
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

test('a batch whose turn does not come before the deadline was not written, and leaves the lane alone', async (t) => {
  const kafka = new FakeKafka([1]);
  const { start } = await producerOn(t, kafka);
  kafka.script(1, requestLost);
  const [first, late, third] = [batchOf(0, 'a'), batchOf(0, 'b'), batchOf(0, 'c')];

  await timePasses(t, Promise.all([start([first]), start([late], { seconds: 1 }), start([third])]));

  assert.deepEqual([late.outcome, late.maybeWritten], [null, false]);
  assert.deepEqual([offsetOf(first), offsetOf(third)], [0, 1]);
});

test('a request to several partitions gets its turn beside steady writers to each of them', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const { start, deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a'), batchOf(1, 'b')]);
  const answersAfter = (ms: number) => (turn: ProduceTurn) => sleep(ms).then(() => turn.write());
  kafka.always(1, answersAfter(30));
  kafka.always(2, answersAfter(50));
  const until = Date.now() + 5000;
  const write = async (partition: number): Promise<void> => {
    while (Date.now() < until) await start([batchOf(partition, 'x')], { seconds: 20 });
  };
  const writers = Promise.all([0, 0, 1, 1].map(write));
  await pass(t, 1000);
  const began = Date.now();

  const both = [batchOf(0, 'y'), batchOf(1, 'z')];
  await timePasses(t, start(both, { seconds: 20 }));

  assert.deepEqual(
    both.map(({ outcome }) => outcome?.error),
    [0, 0],
  );
  assert.ok(Date.now() - began <= 200, 'two writers are before it in each partition, and no more');
  await timePasses(t, writers);
});

test('a partition whose batch is settled is free for others, while the request waits for another partition', async (t) => {
  const kafka = new FakeKafka([1, 2]);
  const { start, deliver } = await producerOn(t, kafka);
  await deliver([batchOf(0, 'a'), batchOf(1, 'b')]);
  kafka.always(2, requestLost);
  const [settled, stuck, next] = [batchOf(0, 'c'), batchOf(1, 'd'), batchOf(0, 'e')];

  const writing = start([settled, stuck], { seconds: 20 });
  await deliver([next], { seconds: 1 });

  assert.deepEqual([offsetOf(settled), stuck.outcome, offsetOf(next)], [1, null, 2]);
  kafka.script(2);
  await timePasses(t, writing);
  assert.equal(offsetOf(stuck), 1);
});

test('where no broker gave a producer id by the deadline, that is told, though the last try was cut off', async (t) => {
  const kafka = new FakeKafka([1]);
  const { deliver } = await producerOn(t, kafka);
  let tries = 0;
  t.mock.method(kafka.cluster, 'anyBroker', async () => {
    if (++tries > 1) await silence();
    throw new Error('connect ECONNREFUSED');
  });

  await assert.rejects(deliver([batchOf(0, 'a')], { seconds: 1 }), { name: 'KafkaUnavailable', status: 503 });

  assert.deepEqual([tries, kafka.requests], [2, []]);
});
