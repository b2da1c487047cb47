import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import kafkajsRecordBatch from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import Long from 'kafkajs/src/utils/long.js';
import { compressionNames } from '../../../../lib/kafka/compression/names.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { stamp, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { controlBatch, inLog, newRecord, type PlainRecord, plainStored, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { everything, part, read } from './reading.ts';

const batches = fc.array(fc.array(newRecord, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
const offset = fc.oneof(fc.nat(5), fc.nat(2 ** 40));

for (const codec of compressionNames) {
  test(`records that were written come back from a part of any batches (${codec})`, async () => {
    await fc.assert(
      fc.asyncProperty(batches, offset, async (records, from) => {
        const { bytes, stored, nextOffset } = await part(records, from, codec);

        const result = await read(bytes, { from });

        assert.deepEqual(result, { records: stored, nextOffset });
      }),
      { numRuns: codec === 'none' ? 200 : 30 },
    );
  });
}

test('what lies around the part is not touched', async () => {
  const { bytes, stored, nextOffset } = await part([[recordOf('a')], [recordOf('b')]]);
  const around = Buffer.concat([Buffer.alloc(7, 0xff), bytes, bytes]);

  const result = await readBatches(around, 7, 7 + bytes.length, everything);

  assert.deepEqual(result.records.map(plainStored), stored);
  assert.equal(result.nextOffset, nextOffset);
});

test('a part that is cut off anywhere gives the batches that are whole', async () => {
  const { bytes, sizes, stored } = await part([[recordOf('a'), recordOf('b')], [recordOf('c')], [recordOf('d'), recordOf('e')]], 10);

  for (let length = 0; length <= bytes.length; length++) {
    const result = await read(bytes.subarray(0, length), { from: 10 });

    const count = length < sizes[0] ? 0 : length < sizes[0] + sizes[1] ? 2 : length < bytes.length ? 3 : 5;
    assert.deepEqual(result, { records: stored.slice(0, count), nextOffset: 10 + count }, `cut at ${length}`);
  }
});

test('records below the offset asked for are left out, though the broker sends whole batches', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.nat(25), async (records, from) => {
      const { bytes, stored, nextOffset } = await part(records);

      const result = await read(bytes, { from });

      const wanted = stored.filter((record) => (record.offset ?? -1) >= from);
      assert.deepEqual(result, { records: wanted, nextOffset: Math.max(from, nextOffset) });
    }),
  );
});

/** Bytes of keys, values and headers, with so many for each length that headers have before them. */
const sizeOf = (page: PlainRecord[], lengths = 0): number =>
  page.reduce((sum, { key, value, headers }) => {
    const ofHeaders = headers.map(([name, content]) => Buffer.byteLength(name) + (content?.length ?? 0) + 2 * lengths);
    return ofHeaders.reduce((all, one) => all + one, sum + (key?.length ?? 0) + (value?.length ?? 0) + lengths);
  }, 0);

test('pages of any limits, one after the other, give every record once', async () => {
  const limits = fc.record({ maxRecords: fc.integer({ min: 1, max: 5 }), maxBytes: fc.integer({ min: 1, max: 3000 }) });
  await fc.assert(
    fc.asyncProperty(batches, fc.constantFrom(...compressionNames), limits, async (records, codec, { maxRecords, maxBytes }) => {
      const { bytes, stored, nextOffset } = await part(records, 100, codec);
      const pages: PlainRecord[][] = [];

      let from = 100;
      while (from < nextOffset) {
        const page = await read(bytes, { from, maxRecords, maxBytes });
        assert.ok(page.nextOffset > from, 'every page goes on');
        pages.push(page.records);
        from = page.nextOffset;
      }

      assert.deepEqual(pages.flat(), stored);
      for (const page of pages) {
        assert.ok(page.length <= maxRecords);
        assert.ok(page.length === 1 || sizeOf(page) <= maxBytes, 'nothing is taken past the limit but a record alone');
      }
      for (const [i, page] of pages.slice(0, -1).entries()) {
        const next = pages[i + 1][0];
        assert.ok(page.length === maxRecords || sizeOf([...page, next], 5) > maxBytes, 'no page ends too early');
      }
    }),
    { numRuns: 50 },
  );
});

test('headers count, as there may be nothing else', async () => {
  const withHeader = { ...recordOf('x'), headers: [{ key: 'h', value: Buffer.alloc(500) }] };
  const { bytes } = await part([Array(5).fill(withHeader)], 0, 'gzip');

  assert.deepEqual(
    await Promise.all([400, 1100, 2000].map(async (maxBytes) => (await read(bytes, { maxBytes })).records.length)),
    [1, 2, 3],
  );
});

test('a page has no more than 100,000 records, however little they hold', async () => {
  const empty = { key: null, value: null, headers: null, timestamp: 0 };
  const { bytes } = await part([Array(100_001).fill(empty)], 0, 'zstd');

  const { records, nextOffset } = await read(bytes, {});

  assert.deepEqual([records.length, nextOffset], [100_000, 100_000]);
  assert.ok(bytes.length < 400_000);
});

test('a page that ends with a batch goes on at the next batch, and reads no further', async () => {
  const { bytes } = await part([[recordOf('a'), recordOf('b')], [recordOf('c')]]);
  bytes[bytes.length - 20] = 0xff; // the second batch is damaged

  const result = await read(bytes, { maxRecords: 2 });

  assert.equal(result.records.length, 2);
  assert.equal(result.nextOffset, 2);
});

test('offsets that compaction left out are stepped over', async () => {
  const batch = inLog(writeBatch([recordOf('a'), recordOf('b')]), { baseOffset: 20, lastOffsetDelta: 9 });
  const empty = inLog(writeBatch([recordOf('x')]).subarray(0, layout.HEADER), { baseOffset: 30, lastOffsetDelta: 4 });
  empty.writeInt32BE(0, layout.RECORD_COUNT);
  empty.writeInt32BE(layout.HEADER - 12, layout.LENGTH);
  stamp(empty, -1n, 0, 0);

  const result = await read(Buffer.concat([batch, empty]), { from: 20 });

  assert.equal(result.records.length, 2);
  assert.equal(result.nextOffset, 35);
});

test('where the topic keeps the time of appending, that is the time of every record', async () => {
  const batch = inLog(writeBatch([recordOf('a', 10), recordOf('b', 20)]), { baseOffset: 0, attributes: layout.APPEND_TIME_BIT });
  batch.writeBigInt64BE(1_700_000_000_000n, layout.MAX_TIMESTAMP);
  stamp(batch, -1n, 0, 0);

  const { records } = await read(batch);

  assert.deepEqual(
    records.map(({ timestamp }) => timestamp),
    [1_700_000_000_000, 1_700_000_000_000],
  );
});

test('slices of an uncompressed part point into its bytes', async () => {
  const { bytes } = await part([[{ ...recordOf('value'), key: { bytes: Buffer.from('key'), start: 0, end: 3 } }]]);

  const { records } = await readBatches(bytes, 0, bytes.length, everything);

  assert.equal(records[0].key?.bytes, bytes);
  assert.equal(records[0].value?.bytes, bytes);
});

test('batches that kafkajs wrote are read, with gzip and without', async () => {
  const bytesOrNull = fc.option(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)));
  const name = fc.string({ unit: 'binary', maxLength: 10 }).filter((key) => !(key in {}) && !/^\d+$/.test(key));
  const message = fc.record({
    key: bytesOrNull,
    value: bytesOrNull,
    headers: fc.dictionary(
      name,
      fc.array(
        fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    delta: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), fc.constantFrom(0, 1), async (messages, compression) => {
      const { buffer } = await kafkajsRecordBatch.RecordBatch({
        compression: compression === 0 ? 0 : 1,
        firstOffset: Long.fromValue(77),
        firstTimestamp: 1_700_000_000_000,
        maxTimestamp: 1_700_000_000_000,
        lastOffsetDelta: messages.length - 1,
        transactional: false,
        producerId: 5,
        producerEpoch: 0,
        firstSequence: 0,
        records: messages.map(({ delta, ...record }, offsetDelta) => encodeRecord({ ...record, offsetDelta, timestampDelta: delta })),
      });

      const { records, nextOffset } = await read(buffer, { from: 77 });

      const latin1 = (bytes: Buffer | null) => bytes?.toString('latin1') ?? null;
      const expected = messages.map(({ key, value, headers, delta }, i) => ({
        offset: 77 + i,
        timestamp: 1_700_000_000_000 + delta,
        key: latin1(key),
        value: latin1(value),
        headers: Object.entries(headers).flatMap(([header, values]) => values.map((one) => [header, latin1(one)])),
      }));
      assert.deepEqual(records, expected);
      assert.equal(nextOffset, 77 + messages.length);
    }),
  );
});

test('records that end transactions are left out, and stepped over', async () => {
  const bytes = Buffer.concat([controlBatch(5, 9n, 'commit'), controlBatch(6, 9n, 'abort')]);

  assert.deepEqual(await read(bytes, { from: 5 }), { records: [], nextOffset: 7 });
});

/** What three transactional producers and a plain one do, one step after the other. */
const step = fc.record({
  producer: fc.integer({ min: 0, max: 3 }),
  does: fc.constantFrom('writes', 'writes', 'writes', 'commits', 'aborts'),
  count: fc.integer({ min: 1, max: 3 }),
});

test('of interleaved transactions those that were aborted are left out, from whatever offset on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(40), async (steps, from) => {
      const log: Buffer[] = [];
      const aborted: { producerId: bigint; firstOffset: number; lastOffset: number }[] = [];
      const written: { offset: number; aborted: boolean }[] = [];
      const open = new Map<number, typeof written>();
      let end = 0;
      const finish = (producer: number, as: 'commit' | 'abort') => {
        const records = open.get(producer);
        open.delete(producer);
        if (records === undefined) return;
        if (as === 'abort') {
          aborted.push({ producerId: BigInt(producer), firstOffset: records[0].offset, lastOffset: end });
          for (const record of records) record.aborted = true;
        }
        log.push(controlBatch(end++, BigInt(producer), as));
      };
      for (const { producer, does, count } of steps) {
        if (does !== 'writes') finish(producer, does === 'commits' ? 'commit' : 'abort');
        else {
          const records = Array.from({ length: count }, (_, i) => ({ offset: end + i, aborted: false }));
          const attributes = producer === 0 ? 0 : layout.TRANSACTIONAL_BIT;
          if (producer > 0) open.set(producer, [...(open.get(producer) ?? []), ...records]);
          log.push(inLog(writeBatch(records.map(() => recordOf('x'))), { baseOffset: end, producerId: BigInt(producer), attributes }));
          written.push(...records);
          end += count;
        }
      }
      for (const producer of [...open.keys()]) finish(producer, 'commit');
      // The broker names the transactions that reach into what it sends, in no order that it promises.
      const named = aborted.filter(({ lastOffset }) => lastOffset >= from).reverse();

      const committed = await read(Buffer.concat(log), { from, aborted: named });
      const uncommitted = await read(Buffer.concat(log), { from });

      const offsets = (records: { offset?: number }[]) => records.map((record) => record.offset);
      const wanted = written.filter((record) => record.offset >= from);
      assert.deepEqual(offsets(uncommitted.records), offsets(wanted));
      assert.deepEqual(offsets(committed.records), offsets(wanted.filter((record) => !record.aborted)));
      assert.equal(committed.nextOffset, Math.max(from, end));
    }),
    { numRuns: 200 },
  );
});
