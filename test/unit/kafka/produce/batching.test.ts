import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BatchLimits, cutIntoRuns, sizeOf } from '../../../../lib/kafka/produce/batching.ts';
import { sizeBound } from '../../../../lib/kafka/record-batch/write.ts';
import { recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { stopTime } from '../../../harness/virtual-time.ts';

const recordsOf = (sizes: readonly number[]) => sizes.map((size) => recordOf('x'.repeat(size)));
const places = fc.array(fc.tuple(fc.nat(500), fc.boolean()), { minLength: 1, maxLength: 40 }).filter((all) => all.some(([, ours]) => ours));

test('runs hold every record of the partition once and in order, and keep the limit unless a record alone breaks it', () => {
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 3000 }), (all, maxBytes) => {
      const records = recordsOf(all.map(([size]) => size));
      const ours = [...all.keys()].filter((place) => all[place][1]);

      const runs = cutIntoRuns({ topic: 'orders', partition: 3, places: ours }, records, maxBytes);

      assert.deepEqual(
        runs.flatMap((run) => run.places),
        ours,
      );
      for (const run of runs) {
        assert.deepEqual([run.topic, run.partition], ['orders', 3]);
        assert.ok(run.places.length > 0);
        assert.ok(run.places.length === 1 || sizeOf(run, records) <= maxBytes);
      }
      for (let i = 1; i < runs.length; i++) {
        assert.ok(sizeOf(runs[i - 1], records) + sizeBound(records[runs[i].places[0]]) > maxBytes, 'no run is cut too early');
      }
    }),
  );
});

test('what fits is one run', () => {
  const records = recordsOf([10, 20, 30]);

  const runs = cutIntoRuns({ topic: 'orders', partition: 0, places: [0, 1, 2] }, records, 10_000);

  assert.deepEqual(runs, [{ topic: 'orders', partition: 0, places: [0, 1, 2] }]);
});

test("without a refusal a batch is as large as Kafka's default allows", () => {
  const limit = new BatchLimits().of('orders');

  assert.ok(limit > 900_000 && limit <= 1_048_588);
});

test('a refused batch halves the limit of its topic, and of no other', () => {
  const limits = new BatchLimits();
  const before = limits.of('clicks');

  const limit = limits.halve('orders', 400_001);

  assert.equal(limit, 200_001);
  assert.equal(limits.of('orders'), 200_001);
  assert.equal(limits.of('clicks'), before);
});

test('two records or more are always cut apart by half of their size', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { minLength: 2, maxLength: 10 }), (sizes) => {
      const records = recordsOf(sizes);
      const run = { topic: 'orders', partition: 0, places: [...sizes.keys()] };

      const runs = cutIntoRuns(run, records, new BatchLimits().halve('orders', sizeOf(run, records)));

      assert.ok(runs.length > 1);
    }),
  );
});

test('of more than a thousand topics, the limits learnt last are remembered', () => {
  const limits = new BatchLimits();
  for (let i = 0; i < 5000; i++) limits.halve(`topic-${i}`, 1000);

  const remembered = Array.from({ length: 5000 }, (_, i) => i).filter((i) => limits.of(`topic-${i}`) === 500);

  assert.deepEqual([remembered.length, remembered[0]], [1000, 4000]);
});

test('a limit that was learnt grows again, as that of the topic may have been raised', (t) => {
  stopTime(t);
  const limits = new BatchLimits();
  assert.equal(limits.halve('orders', 400_000), 200_000);

  t.mock.timers.setTime(Date.now() + 5 * 60_000 - 1);
  assert.equal(limits.of('orders'), 200_000);
  t.mock.timers.setTime(Date.now() + 1);
  assert.equal(limits.of('orders'), 400_000);
  t.mock.timers.setTime(Date.now() + 60 * 60_000);
  assert.equal(limits.of('orders'), 1_000_000);
  limits.halve('orders', 500_000);
  assert.equal(limits.of('orders'), 250_000);
});
