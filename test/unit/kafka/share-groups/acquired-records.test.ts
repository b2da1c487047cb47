import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AcquiredRange } from '../../../../lib/kafka/protocol/share-fetch.ts';
import { Effort } from '../../../../lib/kafka/record-batch/effort.ts';
import { writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { type TakenRecords, takeAcquired } from '../../../../lib/kafka/share-groups/acquired-records.ts';
import { controlBatch, inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';

const topicId = '000102030405060708090a0b0c0d0e0f';
const everything = { maxBytes: 1_000_000, largest: 1_000_000 };

const take = (bytes: Buffer, acquired: AcquiredRange[], limits: Partial<typeof everything> = {}): Promise<TakenRecords> =>
  takeAcquired(
    { topicId, partition: 2, error: 0, bytes, start: 0, end: bytes.length, acquired },
    { ...everything, ...limits, effort: new Effort(Date.now() + 60_000) },
  );

/** A batch of so many records from an offset on. */
const batch = (baseOffset: number, count: number, value = 'v'): Buffer =>
  inLog(writeBatch(Array.from({ length: count }, () => recordOf(value))), { baseOffset });

const placesOf = ({ records }: TakenRecords) => records.map(({ offset, first, last, deliveries }) => [offset, first, last, deliveries]);
const spansOf = (ranges: { first: number; last: number }[]) => ranges.map(({ first, last }) => [first, last]);

test('of a batch, what was acquired is taken, with how often it was delivered', async () => {
  const taken = await take(batch(10, 6), [
    { first: 11, last: 12, deliveries: 1 },
    { first: 14, last: 14, deliveries: 3 },
  ]);

  assert.deepEqual(placesOf(taken), [
    [11, 11, 11, 1],
    [12, 12, 12, 1],
    [14, 14, 14, 3],
  ]);
  assert.deepEqual([taken.empty, taken.unread, taken.failure], [[], [], null]);
});

test('offsets without a record go with the record behind them, at the end with the one before them', async () => {
  const log = Buffer.concat([batch(2, 1), inLog(writeBatch([recordOf('v')]), { baseOffset: 5, lastOffsetDelta: 3 })]);

  const taken = await take(log, [{ first: 0, last: 8, deliveries: 1 }]);

  assert.deepEqual(placesOf(taken), [
    [2, 0, 2, 1],
    [5, 3, 8, 1],
  ]);
});

test('what holds no record at all, such as the mark of a transaction, is told apart, to be settled', async () => {
  const log = Buffer.concat([batch(0, 1), controlBatch(1, 7n, 'abort'), batch(2, 1)]);

  const taken = await take(log, [
    { first: 0, last: 0, deliveries: 1 },
    { first: 1, last: 1, deliveries: 2 },
    { first: 2, last: 2, deliveries: 1 },
  ]);

  assert.deepEqual(placesOf(taken), [
    [0, 0, 0, 1],
    [2, 2, 2, 1],
  ]);
  assert.deepEqual(taken.empty, [{ topicId, partition: 2, first: 1, last: 1 }]);
});

test('what has no room is not read, but for one record of any size', async () => {
  const log = batch(0, 4, 'x'.repeat(100));

  const taken = await take(log, [{ first: 0, last: 3, deliveries: 1 }], { maxBytes: 250 });
  const one = await take(log, [{ first: 0, last: 3, deliveries: 1 }], { maxBytes: 1 });

  assert.deepEqual([placesOf(taken).length, spansOf(taken.unread)], [2, [[2, 3]]]);
  assert.deepEqual([placesOf(one).length, spansOf(one.unread)], [1, [[1, 3]]]);
});

test('a record that no answer can hold is taken without its content', async () => {
  const { records } = await take(batch(0, 1, 'x'.repeat(100)), [{ first: 0, last: 0, deliveries: 1 }], { largest: 50 });

  assert.deepEqual([records[0].tooLarge, records[0].value], [100, null]);
});

test('a batch that is damaged is left out, with why, and what stands around it is taken', async () => {
  const damaged = batch(2, 3);
  damaged[damaged.length - 1] ^= 1;
  const log = Buffer.concat([batch(0, 2), damaged, batch(5, 2)]);

  const taken = await take(log, [
    { first: 0, last: 3, deliveries: 1 },
    { first: 5, last: 6, deliveries: 2 },
  ]);

  assert.deepEqual(
    placesOf(taken).map(([offset]) => offset),
    [0, 1, 5, 6],
  );
  assert.deepEqual(spansOf(taken.unread), [[2, 3]]);
  assert.match(taken.failure?.message ?? '', /changed|damaged|checksum/i);
});

test('every offset that was acquired is settled by a record, or told as empty or unread, and by one of them only', async () => {
  const gap = fc.nat(3);
  const logs = fc.array(fc.record({ gap, count: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 5 });
  const ranges = fc.array(fc.record({ gap, length: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 6 });

  await fc.assert(
    fc.asyncProperty(logs, ranges, fc.integer({ min: 1, max: 12 }), async (batches, held, maxBytes) => {
      let end = 0;
      const log = batches.map(({ gap: before, count }) => {
        const from = end + before;
        end = from + count;
        return batch(from, count);
      });
      let next = 0;
      const acquired = held.map(({ gap: before, length }) => {
        const first = next + before;
        next = first + length;
        return { first, last: next - 1, deliveries: 1 };
      });

      const { records, empty, unread } = await take(Buffer.concat(log), acquired, { maxBytes });

      const offsetsOf = ({ first, last }: { first: number; last: number }) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
      const settled = [...records, ...empty, ...unread].flatMap(offsetsOf).sort((a, b) => a - b);
      assert.deepEqual(settled, acquired.flatMap(offsetsOf));
      for (const { offset, first, last } of records) assert.ok(first <= offset && offset <= last);
    }),
  );
});
