import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeByKafkajs from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
import { deflateGzip } from '../../../../lib/kafka/compression/deflate-gzip.ts';
import { crc32c } from '../../../../lib/kafka/record-batch/crc32c.ts';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { recordsOf, sizeBound, stamp, withCompressedRecords, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { newRecord, type PlainRecord, plainRecord, recordOf } from '../../../harness/fake-broker/batch-records.ts';

/** kafkajs gathers headers in an object, where names that all objects have get lost. */
const kafkajsKeeps = ({ headers }: PlainRecord) => headers.every(([key]) => !(key in {}));

/** As kafkajs gathers them: by name, values of one name in their order. */
function gathered(headers: PlainRecord['headers']): Map<string, (string | null)[]> {
  const byName = Map.groupBy(headers, ([key]) => key);
  return new Map([...byName].map(([key, pairs]) => [key, pairs.map(([, value]) => value)]));
}

async function readByKafkajs(batch: Buffer) {
  const { records, ...header } = await decodeByKafkajs(new Decoder(batch));
  const latin1 = (bytes: Buffer | null) => bytes?.toString('latin1') ?? null;
  return {
    ...header,
    records: records.map(({ offset, timestamp, key, value, headers }) => ({
      offset: Number(offset),
      timestamp: Number(timestamp),
      key: latin1(key),
      value: latin1(value),
      headers: new Map(Object.entries(headers).map(([name, values]) => [name, [values].flat().map(latin1)])),
    })),
  };
}

const batchOf = fc.array(
  newRecord.filter((record) => kafkajsKeeps(plainRecord(record))),
  { minLength: 1, maxLength: 12 },
);

test('kafkajs reads what is written: keys, values, headers and times of any records', async () => {
  await fc.assert(
    fc.asyncProperty(batchOf, async (records) => {
      const batch = writeBatch(records);
      stamp(batch, -1n, -1, -1);

      const read = await readByKafkajs(batch);

      const expected = records.map(plainRecord).map((record, offset) => ({ offset, ...record, headers: gathered(record.headers) }));
      assert.deepEqual(read.records, expected);
    }),
  );
});

test('the header tells of the records, of the producer and of nothing else', async () => {
  const batch = writeBatch([recordOf('a', 5000), recordOf('b', 9000), recordOf('c', 4000)]);
  stamp(batch, 2n ** 62n + 1n, 31_999, 2 ** 31 - 1);

  const read = await readByKafkajs(batch);

  assert.equal(batch.readInt32BE(layout.LENGTH), batch.length - 12);
  assert.equal(batch[layout.MAGIC], 2);
  assert.equal(batch.readInt16BE(layout.ATTRIBUTES), 0);
  assert.equal(batch.readInt32BE(layout.RECORD_COUNT), 3);
  assert.equal(batch.readInt32BE(layout.LEADER_EPOCH), -1);
  assert.equal(read.firstOffset, '0');
  assert.equal(read.lastOffsetDelta, 2);
  assert.equal(read.firstTimestamp, '5000');
  assert.equal(read.maxTimestamp, '9000');
  assert.equal(read.producerId, String(2n ** 62n + 1n));
  assert.equal(read.producerEpoch, 31_999);
  assert.equal(read.firstSequence, 2 ** 31 - 1);
});

test('the checksum covers everything from the attributes on', () => {
  fc.assert(
    fc.property(fc.array(newRecord, { minLength: 1, maxLength: 5 }), (records) => {
      const batch = writeBatch(records);
      stamp(batch, 7n, 1, 40);

      const crc = batch.readInt32BE(layout.CRC);

      assert.equal(crc, crc32c(batch, layout.ATTRIBUTES, batch.length));
    }),
  );
});

test('stamping again changes the producer and the checksum, and no other byte', () => {
  const batch = writeBatch([recordOf('a'), recordOf('b')]);
  stamp(batch, 7n, 0, 40);
  const before = Buffer.from(batch);

  stamp(batch, 7n, 1, 0);

  const changed = [...batch.keys()].filter((i) => batch[i] !== before[i]);
  const producer = (i: number) => i >= layout.PRODUCER_ID && i < layout.RECORD_COUNT;
  const checksum = (i: number) => i >= layout.CRC && i < layout.ATTRIBUTES;
  assert.ok(changed.some(producer) && changed.some(checksum));
  assert.ok(changed.every((i) => producer(i) || checksum(i)));
});

test('a compressed batch has the header of the plain one with the codec in it', async () => {
  const records = [recordOf('first '.repeat(50), 2000), recordOf('second '.repeat(50), 1000)];
  const plain = writeBatch(records);

  const batch = withCompressedRecords(plain, 1, await deflateGzip(recordsOf(plain)));
  stamp(batch, 7n, 0, 40);

  assert.ok(batch.length < plain.length);
  assert.equal(batch.readInt16BE(layout.ATTRIBUTES), 1);
  assert.equal(batch.readInt32BE(layout.LENGTH), batch.length - 12);
  const read = await readByKafkajs(batch);
  assert.deepEqual(
    read.records.map(({ value, timestamp }) => [value, timestamp]),
    [
      ['first '.repeat(50), 2000],
      ['second '.repeat(50), 1000],
    ],
  );
});

test('the bound of a record is not below what it takes, and not far above for plain text', () => {
  fc.assert(
    fc.property(newRecord, (record) => {
      assert.ok(sizeBound(record) >= writeBatch([record]).length - layout.HEADER);
    }),
  );
  assert.ok(sizeBound(recordOf('x'.repeat(1000))) <= 1040);
});

test('a header key that is no valid Unicode is written as what UTF-8 has for it', async () => {
  const batch = writeBatch([{ ...recordOf('a'), headers: [{ key: 'a\ud800', value: null }] }]);
  stamp(batch, -1n, -1, -1);

  const read = await readByKafkajs(batch);

  assert.deepEqual([...read.records[0].headers.keys()], ['a\ufffd']);
});
