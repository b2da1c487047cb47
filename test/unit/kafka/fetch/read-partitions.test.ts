import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StoredRecord } from '../../../../lib/kafka/record.ts';
import { FakeLogs } from '../../../harness/fake-broker/fake-logs.ts';
import { stopTime } from '../../../harness/virtual-time.ts';
import { at, read, textOf, valuesOf } from './reading-logs.ts';

const NOT_LEADER = 6;
const FORBIDDEN = 29;

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
