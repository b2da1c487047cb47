import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import kafkajsRecordBatch from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import Long from 'kafkajs/src/utils/long.js';
import { GatewayError } from '../../../../lib/errors.ts';
import { type CompressionName, codecId, compress, compressionNames, decompress } from '../../../../lib/kafka/compression/codecs.ts';
import type { NewRecord } from '../../../../lib/kafka/record.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { type ReadOptions, readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { recordsOf, withCompressedRecords, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { controlBatch, inLog, newRecord, type PlainRecord, plainRecord, plainStored, recordOf } from './records.ts';

const everything: ReadOptions = {
  from: 0,
  aborted: [],
  maxRecords: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
  decompress,
};

async function read(bytes: Buffer, options: Partial<ReadOptions> = {}): Promise<{ records: PlainRecord[]; nextOffset: number }> {
  const { records, nextOffset } = await readBatches(bytes, 0, bytes.length, { ...everything, ...options });
  return { records: records.map(plainStored), nextOffset };
}

const packed = async (records: readonly NewRecord[], codec: CompressionName): Promise<Buffer> => {
  const plain = writeBatch(records);
  return codec === 'none' ? plain : withCompressedRecords(plain, codecId(codec), await compress(codec, recordsOf(plain)));
};

/** Batches of a part of a log, one after the other from offset `from` on. */
const part = async (batches: readonly (readonly NewRecord[])[], from = 0, codec: CompressionName = 'none') => {
  const parts: Buffer[] = [];
  const stored: PlainRecord[] = [];
  let baseOffset = from;
  for (const records of batches) {
    parts.push(inLog(await packed(records, codec), { baseOffset }));
    for (const record of records) stored.push({ offset: baseOffset++, ...plainRecord(record) });
  }
  return { bytes: Buffer.concat(parts), sizes: parts.map(({ length }) => length), stored, nextOffset: baseOffset };
};

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
      const size = (page: PlainRecord[]) => page.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
      for (const page of pages) {
        assert.ok(page.length <= maxRecords);
        assert.ok(page.length === 1 || size(page) <= maxBytes, 'nothing is taken past the limit but a record alone');
      }
      for (const [i, page] of pages.slice(0, -1).entries()) {
        const next = pages[i + 1][0];
        assert.ok(page.length === maxRecords || size([...page, next]) > maxBytes, 'no page ends too early');
      }
    }),
    { numRuns: 50 },
  );
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

  const result = await read(Buffer.concat([batch, empty]), { from: 20 });

  assert.equal(result.records.length, 2);
  assert.equal(result.nextOffset, 35);
});

test('where the topic keeps the time of appending, that is the time of every record', async () => {
  const batch = inLog(writeBatch([recordOf('a', 10), recordOf('b', 20)]), { baseOffset: 0, attributes: layout.APPEND_TIME_BIT });
  batch.writeBigInt64BE(1_700_000_000_000n, layout.MAX_TIMESTAMP);

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

test('a batch of a format from before Kafka 0.11 is refused by its offset', async () => {
  const old = inLog(writeBatch([recordOf('a')]), { baseOffset: 12 });
  old[layout.MAGIC] = 1;

  await assert.rejects(read(old, { from: 12 }), { name: 'KafkaRefused', message: /offset 12 .*format v1/ });
});

test('a batch that inflates too far is refused: its offsets, the limit, and where to go on', async () => {
  const batch = inLog(await packed([recordOf('x'.repeat(5000)), recordOf('y')], 'gzip'), { baseOffset: 30 });

  const reading = read(batch, { from: 30, decompress: (codec, bytes) => decompress(codec, bytes, 4000) });

  await assert.rejects(reading, {
    name: 'TooLarge',
    message: 'The batch of offsets 30 to 31 cannot be read: It inflates to more than 4000 bytes. Go on with offset 32.',
  });
});

test('a batch of an unknown codec is refused by its offsets', async () => {
  const batch = inLog(writeBatch([recordOf('a')]), { baseOffset: 3, attributes: 5 });

  await assert.rejects(read(batch), { name: 'KafkaRefused', message: /offsets 3 to 3 .* codec 5.* Go on with offset 4\./ });
});

/** The fields of a record behind its length: one after the other, as bytes. */
const withRecord = (...fields: number[]): Buffer => {
  const record = Buffer.from([fields.length * 2, ...fields]);
  const batch = Buffer.concat([writeBatch([recordOf('a')]).subarray(0, layout.HEADER), record]);
  batch.writeInt32BE(batch.length - 12, layout.LENGTH);
  return inLog(batch, { baseOffset: 41 });
};
const MANY = [0xfe, 0xff, 0xff, 0xff, 0x0f];

const damaged: Record<string, Buffer> = {
  'a record of no length': withRecord(),
  'a key that reaches past its record': withRecord(0, 0, 0, 20, 1, 0),
  'a key of two gigabytes': withRecord(0, 0, 0, ...MANY, 1, 0),
  'a value of two gigabytes': withRecord(0, 0, 0, 1, ...MANY, 0),
  'two billion headers': withRecord(0, 0, 0, 1, 1, ...MANY),
  'a negative number of headers': withRecord(0, 0, 0, 1, 1, 1),
  'a header without a key': withRecord(0, 0, 0, 1, 1, 2, 1, 1),
  'a header that reaches past its record': withRecord(0, 0, 0, 1, 1, 2, 2, 40),
  'bytes behind the headers': withRecord(0, 0, 0, 1, 1, 0, 0, 0),
  'a record that is cut off': withRecord(0, 0),
};
for (const [what, batch] of Object.entries(damaged)) {
  test(`a damaged batch is refused with its offsets: ${what}`, async () => {
    await assert.rejects(read(batch, { from: 41 }), {
      name: 'KafkaRefused',
      message: 'The batch of offsets 41 to 41 cannot be read: Its bytes do not hold what its header says. Go on with offset 42.',
    });
  });
}

test('a batch that cannot be read ends the records before it, and is an error when it comes first', async () => {
  const good = inLog(writeBatch([recordOf('a')]), { baseOffset: 40 });
  const bytes = Buffer.concat([good, damaged['a header without a key'], inLog(writeBatch([recordOf('b')]), { baseOffset: 42 })]);

  const { records, nextOffset } = await read(bytes, { from: 40 });

  assert.deepEqual([records.length, nextOffset], [1, 41]);
  await assert.rejects(read(bytes, { from: 41 }), { name: 'KafkaRefused', message: /^The batch of offsets 41 to 41 / });
});

test('a record of negative length is no way back to itself', async () => {
  const batch = Buffer.concat([writeBatch([recordOf('a')]).subarray(0, layout.HEADER), Buffer.from([1, 0, 0, 0, 0, 0])]);
  batch.writeInt32BE(batch.length - 12, layout.LENGTH);
  batch.writeInt32BE(2 ** 31 - 1, layout.RECORD_COUNT);
  const stored = inLog(batch, { baseOffset: 41, lastOffsetDelta: 10 });

  await assert.rejects(read(stored, { from: 45 }), { name: 'KafkaRefused' });
});

test('more records than the batch has bytes for are not looked for in the next batch', async () => {
  const first = inLog(writeBatch([recordOf('a')]), { baseOffset: 0 });
  first.writeInt32BE(2, layout.RECORD_COUNT);
  const second = inLog(writeBatch([recordOf('b')]), { baseOffset: 1 });

  await assert.rejects(read(Buffer.concat([first, second])), { name: 'KafkaRefused', message: /^The batch of offsets 0 to 0 / });
});

test('a batch whose length cannot be is refused', async () => {
  for (const length of [0, 48, -1, -12, -100, -(2 ** 31)]) {
    const { bytes } = await part([[recordOf('a')], [recordOf('b')]]);
    bytes.writeInt32BE(length, layout.LENGTH);

    await assert.rejects(read(bytes, { from: 10 }), { name: 'KafkaRefused' }, `length ${length}`);
  }
});

test('whatever bytes are damaged, there is an answer or an error of ours', async () => {
  const { bytes } = await part([[recordOf('some value'), recordOf('another')], [recordOf('third')]]);
  const place = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), fc.nat(4), async (places, from) => {
      const broken = Buffer.from(bytes);
      for (const [at, byte] of places) broken[at] = byte;

      const error = await read(broken, { from }).then(
        () => null,
        (thrown: unknown) => thrown,
      );

      assert.ok(error === null || error instanceof GatewayError, String(error));
    }),
    { numRuns: 1000 },
  );
});
