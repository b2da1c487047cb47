import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerLost, FakeKafka, hungUp, refused, requestLost, writtenButAnswered } from '../../../harness/fake-broker/fake-kafka.ts';
import { pass, timePasses } from '../../../harness/virtual-time.ts';
import { batchOf, bytesIn, offsetOf, producerOn, stampOf, stampsIn } from './delivering.ts';

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
