import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as layout from '../../../../lib/kafka/record-batch/layout.ts';
import { stamp, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { read } from './reading.ts';

const LONGEST = 2n ** 63n - 1n;
const time = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: LONGEST }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: 0n, max: 2n ** 42n }),
);

/** A zigzag varint of 64 bits. */
function varlong(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A batch with one record, whose time is so far from that of the batch. */
function batchOf(baseTime: bigint, delta: bigint, attributes = 0): Buffer {
  const fields = Buffer.concat([Buffer.from([0]), varlong(delta), Buffer.from([0, 1, 1, 0])]);
  const batch = Buffer.concat([writeBatch([recordOf('a')]).subarray(0, layout.HEADER), Buffer.from([fields.length * 2]), fields]);
  batch.writeInt32BE(batch.length - layout.LENGTH - 4, layout.LENGTH);
  const stored = inLog(batch, { baseOffset: 0, attributes });
  stored.writeBigInt64BE(baseTime, layout.BASE_TIMESTAMP);
  stored.writeBigInt64BE(baseTime, layout.MAX_TIMESTAMP);
  stamp(stored, -1n, 0, 0);
  return stored;
}

test('a record has its time in all of its digits, as a number where numbers are exact', async () => {
  await fc.assert(
    fc.asyncProperty(time, time, async (baseTime, wanted) => {
      const delta = BigInt.asIntN(64, wanted - baseTime);

      const { records } = await read(batchOf(baseTime, delta));

      const [{ timestamp }] = records;
      assert.equal(BigInt(timestamp), wanted);
      assert.equal(typeof timestamp === 'number', wanted > -(2n ** 53n) && wanted < 2n ** 53n);
    }),
    { numRuns: 500 },
  );
});

test('so has one that has the time of its batch', async () => {
  const { records } = await read(batchOf(LONGEST, 5n, layout.APPEND_TIME_BIT));

  assert.equal(records[0].timestamp, LONGEST);
});
