import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPartitions } from '../../../../lib/kafka/fetch/read-partitions.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import { knownTopicsWithIds } from '../../../../lib/kafka/topics/topics-with-ids.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';
import { at, read, valuesOf } from './reading-logs.ts';

const NOT_LEADER = 6;

test('the end that is asked for is not passed, and at it nobody is asked', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  log.append('a', 'b', 'c', 'd');

  const page = await read(t, kafka, [at(0, 1, 3)]);
  const [{ offset }] = page.readings;
  const none = await read(t, kafka, [at(0, offset, 3)], { waitMs: 10_000 });

  assert.deepEqual([valuesOf(page), offset], [[['b', 'c']], 3]);
  assert.deepEqual([valuesOf(none), kafka.fetches.length], [[[]], 1]);
});

test('what has expired is skipped and named, and read from where the log begins', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log, other] = kafka.topic('orders', 1, 1);
  log.beginning = 5;
  log.append('five');
  other.append('zero');

  const page = await read(t, kafka, [at(0, 2), at(1)]);

  assert.deepEqual(page.gaps, [{ topic: 'orders', partition: 0, from: 2, to: 5 }]);
  assert.deepEqual(valuesOf(page), [['five'], ['zero']]);
});

test('a position behind the end of the log is refused with the end', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1)[0].append('zero');

  await assert.rejects(read(t, kafka, [at(0, 7)]), {
    name: 'InvalidArgument',
    message: /^The cursor is at offset 7 .* which ends at 1\. /,
  });
});

test('a log that is too short for a moment, as a broker takes itself for the leader of long ago, is asked again', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log, other] = kafka.topic('orders', 1, 1);
  log.append('zero');
  other.append('other');
  kafka.beforeFetch = (turn) => {
    if (turn === 4) log.append('one', 'two');
    return 0;
  };

  for (const mayBeAnew of [false, true]) {
    const page = await read(t, kafka, [at(0, 2), at(1)], { mayBeAnew });

    assert.deepEqual([valuesOf(page), page.gaps], [[['two'], ['other']], []]);
  }
});

test('a leader that has not heard of its epoch does not answer from its log of an earlier one', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  log.append('zero');
  Object.assign(kafka.epoch, { told: 5, led: 3 });
  const longerThanDoubt = Date.now() + 4000;
  kafka.beforeFetch = () => {
    if (Date.now() < longerThanDoubt || kafka.epoch.led === 5) return 0;
    kafka.epoch.led = 5;
    log.append('one', 'two');
    return 0;
  };

  const page = await read(t, kafka, [at(0, 2)], { mayBeAnew: true });

  assert.deepEqual([valuesOf(page), page.gaps], [[['two']], []]);
});

test('a log that stays too short, beside others with records, is that of a new topic where there may be one', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log, other] = kafka.topic('orders', 1, 1);
  log.append('zero');
  other.append('other');
  const began = Date.now();

  const page = await read(t, kafka, [at(0, 7), at(1)], { mayBeAnew: true });

  assert.deepEqual(page.gaps, [{ topic: 'orders', partition: 0, from: 7, to: 0 }]);
  assert.deepEqual(valuesOf(page), [['zero'], ['other']]);
  assert.ok(Date.now() - began >= 2000);
});

test('what is read of a new topic is not taken for the one before, whose id was known', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log, other] = kafka.topic('orders', 1, 1);
  for (const each of [log, other]) each.append('zero');
  kafka.ids.set('orders', 'c7716a'.padEnd(32, '0'));
  const known = await timePasses(t, knownTopicsWithIds(kafka.cluster, ['orders'], Date.now() + 1000, 0));
  kafka.ids.set('orders', 'ff'.repeat(16));

  const page = await read(
    t,
    kafka,
    [
      { ...at(0, 7), incarnation: 'x3Fq' },
      { ...at(1), incarnation: 'x3Fq' },
    ],
    { mayBeAnew: true },
  );

  assert.equal(known.get('orders')?.id.slice(0, 6), 'c7716a');
  assert.deepEqual(
    page.readings.map(({ incarnation }) => incarnation),
    ['____', '____'],
  );
  assert.equal(kafka.cluster.known('orders')?.id, 'ff'.repeat(16));
});

for (const mayBeAnew of [false, true]) {
  test(`a new topic whose log reaches the position is ${mayBeAnew ? 'read from its beginning' : 'told of'}`, async (t) => {
    stopTime(t);
    const kafka = new FakeLogs(1);
    const [log, other] = kafka.topic('orders', 1, 1);
    log.append('zero', 'one');
    other.append('other');
    kafka.ids.set('orders', 'c7716a'.padEnd(32, '0'));
    await timePasses(t, knownTopicsWithIds(kafka.cluster, ['orders'], Date.now() + 1000, 0));
    kafka.ids.set('orders', 'ff'.repeat(16));
    // A waiting Fetch of a topic that is deleted gets this.
    kafka.beforeFetch = (turn) => (turn === 1 ? NOT_LEADER : 0);
    const [begin, end] = [at(0), at(0, 1)].map((one) => ({ ...one, incarnation: 'x3Fq' }));

    const page = read(t, kafka, [{ ...begin, partition: 1 }, end], { mayBeAnew, waitMs: 1000 });

    if (!mayBeAnew) return assert.rejects(page, { name: 'InvalidArgument', message: /orders was deleted and created again/ });
    const { gaps } = await page;
    assert.deepEqual([valuesOf(await page), gaps], [[['other'], ['zero', 'one']], [{ topic: 'orders', partition: 0, from: 1, to: 0 }]]);
  });
}

test('a topic that a broker of long ago names for a moment is not taken for a new one', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  log.append('zero', 'one');
  kafka.ids.set('orders', 'ff'.repeat(16));
  await timePasses(t, knownTopicsWithIds(kafka.cluster, ['orders'], Date.now() + 1000, 0));
  const until = Date.now() + 1000;
  kafka.beforeFetch = (turn) => (turn === 1 ? NOT_LEADER : 0);
  setTimeout(() => kafka.ids.set('orders', 'c7716a'.padEnd(32, '0')), until - Date.now());

  const page = await read(t, kafka, [{ ...at(0, 1), incarnation: 'x3Fq' }], { mayBeAnew: true });

  assert.deepEqual([valuesOf(page), page.gaps], [[['one']], []]);
  assert.ok(Date.now() >= until);
});

test('a partition that its topic no longer has, as it was made anew, is told of at once', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1, 1);
  await read(t, kafka, [at(0), at(1)]);
  const began = Date.now();
  kafka.leaders.set('orders', [1]);

  const reading = readPartitions(kafka.cluster, [at(0), at(1)], {
    ...{ isolation: 'read_committed', maxBytes: 1_000_000, maxRecords: 1000, waitMs: 0, keep: null, visible: allVisible },
    deadline: began + 20_000,
  });

  await assert.rejects(timePasses(t, reading), { name: 'PartitionNotFound' });
  assert.ok(Date.now() - began < 500);
});
