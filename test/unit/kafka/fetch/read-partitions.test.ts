import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { PageOptions } from '../../../../lib/kafka/fetch/page.ts';
import { type ReadPage, readPartitions } from '../../../../lib/kafka/fetch/read-partitions.ts';
import type { ReadPosition } from '../../../../lib/kafka/fetch/reading.ts';
import { allVisible } from '../../../../lib/kafka/fetch/visible-records.ts';
import type { StoredRecord } from '../../../../lib/kafka/record.ts';
import { knownTopicsWithIds } from '../../../../lib/kafka/topics/topics-with-ids.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

const NOT_LEADER = 6;
const FORBIDDEN = 29;

const textOf = ({ value }: StoredRecord) => value?.bytes.toString('latin1', value.start, value.end);
const at = (partition: number, offset = 0, until = Number.POSITIVE_INFINITY): ReadPosition => ({
  topic: 'orders',
  partition,
  offset,
  until,
});
const valuesOf = ({ readings }: ReadPage) => readings.map(({ records }) => records.map(textOf));

async function read(t: TestContext, kafka: FakeLogs, positions: ReadPosition[], options: Partial<PageOptions> = {}): Promise<ReadPage> {
  await timePasses(t, kafka.cluster.refresh([...kafka.leaders.keys()]));
  const all = { isolation: 'read_committed', maxBytes: 1_000_000, maxRecords: 1000, waitMs: 0, keep: null, visible: allVisible } as const;
  return timePasses(t, readPartitions(kafka.cluster, positions, { ...all, deadline: Date.now() + 20_000, ...options }));
}

test('each leader is asked once for all of its partitions, of whatever topic', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(2);
  const [first, second, third] = kafka.topic('orders', 1, 2, 1);
  const [other] = kafka.topic('payments', 2);
  for (const [i, log] of [first, second, third, other].entries()) log.append(`a${i}`, `b${i}`);

  const page = await read(t, kafka, [at(0), at(1), at(2), { ...at(0), topic: 'payments' }]);

  assert.deepEqual(valuesOf(page), [
    ['a0', 'b0'],
    ['a1', 'b1'],
    ['a2', 'b2'],
    ['a3', 'b3'],
  ]);
  assert.deepEqual(kafka.fetches.map(({ broker, partitions }) => [broker, partitions.length]).sort(), [
    [1, 2],
    [2, 2],
  ]);
});

test('all positions read on by pages of any limits, whatever leaders do, give every record once and in order', async (t) => {
  const log = fc.array(fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }), { maxLength: 8 });
  const scenario = fc.record({
    logs: fc.array(log, { minLength: 1, maxLength: 6 }),
    limits: fc.array(fc.record({ maxRecords: fc.integer({ min: 1, max: 30 }), maxBytes: fc.integer({ min: 1, max: 3000 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    faults: fc.array(fc.nat(9), { maxLength: 20 }),
    modulus: fc.constantFrom(0, 0, 2, 3),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ logs, limits, faults, modulus }) => {
      t.mock.timers.reset();
      stopTime(t);
      const kafka = new FakeLogs(3);
      const leaders = logs.map((_, i) => (i % 3) + 1);
      const stored = kafka.topic('orders', ...leaders);
      let n = 0;
      const expected = logs.map((batches, i) =>
        batches.flatMap((sizes) => {
          const values = sizes.map((size) => `${n++}`.padEnd(size, '.'));
          stored[i].append(...values);
          return values;
        }),
      );
      // Some Fetches find that the leader of a partition has changed, others are refused in passing.
      kafka.beforeFetch = (turn) => {
        const fault = faults[turn - 1] ?? 9;
        if (fault < 3) leaders[turn % leaders.length] = fault + 1;
        kafka.leaders.set('orders', leaders);
        return fault === 3 ? NOT_LEADER : 0;
      };
      const isKept = (value = '') => modulus === 0 || Number.parseInt(value, 10) % modulus === 0;
      const keep = modulus === 0 ? null : (record: StoredRecord) => isKept(textOf(record));

      const found: (string | undefined)[][] = logs.map(() => []);
      let positions = logs.map((_, partition) => at(partition));
      for (let turn = 0; positions.some(({ offset, partition }) => offset < stored[partition].end); turn++) {
        assert.ok(turn < 2000, 'there is progress');
        const limit = limits[turn % limits.length];
        const { readings, gaps } = await read(t, kafka, positions, { ...limit, keep });
        const count = readings.reduce((sum, { records }) => sum + records.length, 0);
        assert.ok(count <= limit.maxRecords);
        assert.deepEqual(gaps, []);
        for (const { partition, records } of readings) found[partition].push(...records.map(textOf));
        positions = readings.map(({ partition, offset }) => at(partition, offset));
      }

      assert.deepEqual(
        found,
        expected.map((values) => values.filter((value) => isKept(value))),
      );
    }),
    { numRuns: 60 },
  );
});

test('a limit is shared equally, and what some do not need others get', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const logs = kafka.topic('orders', 1, 1, 1);
  for (const [i, count] of [10, 1, 10].entries()) for (let n = 0; n < count; n++) logs[i].append(`${n}`);

  const { readings } = await read(t, kafka, [at(0), at(1), at(2)], { maxRecords: 9 });

  assert.deepEqual(
    readings.map(({ records, offset }) => [records.length, offset]),
    [
      [4, 4],
      [1, 1],
      [4, 4],
    ],
  );
});

test('partitions whose batches are larger than their share have a place on the page, too', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const logs = kafka.topic('orders', ...Array(8).fill(1));
  for (const log of logs) for (let n = 0; n < 4; n++) log.append('x'.repeat(50_000), 'x'.repeat(50_000));

  const { readings } = await read(
    t,
    kafka,
    logs.map((_, i) => at(i)),
    { maxBytes: 800_000 },
  );

  assert.ok(readings.filter(({ records }) => records.length > 0).length >= 6, String(readings.map(({ records }) => records.length)));
  assert.ok(kafka.fetches.length <= 3, `${kafka.fetches.length} requests`);
});

test('a partition alone is asked once, for no more than the page may have', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  for (let n = 0; n < 40; n++) log.append('x'.repeat(100));

  const { readings } = await read(t, kafka, [at(0)], { maxBytes: 2000 });

  assert.deepEqual(
    kafka.fetches.map(({ partitions }) => partitions.map(({ maxBytes }) => maxBytes)),
    [[2000]],
  );
  assert.ok(readings[0].records.length >= 10, `${readings[0].records.length} records`);
});

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
    ['____', 'x3Fq'],
  );
  assert.equal(kafka.cluster.known('orders')?.id, 'ff'.repeat(16));
});

test('a poll waits for the first record of any partition, and no longer', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(2);
  const [, second] = kafka.topic('orders', 1, 2);
  const began = Date.now();
  kafka.beforeFetch = (turn) => {
    if (turn === 5) second.append('late');
    return 0;
  };

  const page = await read(t, kafka, [at(0), at(1)], { waitMs: 10_000 });

  assert.deepEqual(valuesOf(page), [[], ['late']]);
  assert.ok(Date.now() - began < 1000);
  assert.ok(kafka.fetches.every(({ waitMs }) => waitMs <= 200));
});

test('one leader alone is asked to wait for all of the time', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1, 1);
  kafka.beforeFetch = () => {
    t.mock.timers.tick(5000);
    return 0;
  };

  await read(t, kafka, [at(0), at(1)], { waitMs: 5000 });

  assert.deepEqual(
    kafka.fetches.map(({ waitMs }) => waitMs),
    [5000],
  );
});

test('a partition without a leader does not keep the others back, and its lag is not known', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1, -1);
  log.append('a');
  const began = Date.now();

  const { readings } = await read(t, kafka, [at(0), at(1)], { waitMs: 1000 });

  assert.deepEqual(
    readings.map((reading) => [reading.records.length, reading.lagFrom(reading.offset)]),
    [
      [1, 0],
      [0, null],
    ],
  );
  assert.ok(Date.now() - began < 1000);
});

test('where there is nothing but a partition that cannot be read, that is the answer at the deadline', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1, -1);

  await assert.rejects(read(t, kafka, [at(0), at(1)]), { name: 'KafkaUnavailable' });
});

test('a leader that is cut off at the deadline does not hide that it did not lead before', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1);
  kafka.beforeFetch = (turn) => (turn > 1 ? new Promise(() => {}) : NOT_LEADER);

  await assert.rejects(read(t, kafka, [at(0)], { deadline: Date.now() + 1000 }), { name: 'KafkaUnavailable' });
});

test('what Kafka refuses for good is refused at once', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  kafka.topic('orders', 1);
  kafka.beforeFetch = () => FORBIDDEN;

  await assert.rejects(read(t, kafka, [at(0)], { waitMs: 10_000 }), { name: 'Forbidden' });

  assert.equal(kafka.fetches.length, 1);
});

test('a batch that cannot be read is named, but only where nothing else can be read before it', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [damaged, whole] = kafka.topic('orders', 1, 1);
  damaged.append('a');
  damaged.batches[0].bytes.writeInt16BE(7, 21);
  whole.append('b');

  const page = await read(t, kafka, [at(0), at(1)]);

  assert.deepEqual(valuesOf(page), [[], ['b']]);
  await assert.rejects(read(t, kafka, [at(0), at(1, 1)]), {
    name: 'KafkaRefused',
    message: /^Partition 0 of orders: The batch of offsets 0 to 0/,
  });
});

test('records that are not wanted are passed, up to a bound for one request', async (t) => {
  stopTime(t);
  const kafka = new FakeLogs(1);
  const [log] = kafka.topic('orders', 1);
  for (let n = 0; n < 40; n++) log.append('x'.repeat(1_000_000));

  const { readings } = await read(t, kafka, [at(0)], { keep: () => false });

  assert.ok(readings[0].offset >= 16 && readings[0].offset <= 20, String(readings[0].offset));
  assert.deepEqual(readings[0].records, []);
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
