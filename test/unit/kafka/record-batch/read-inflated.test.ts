import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decompress } from '../../../../lib/kafka/compression/decompress.ts';
import type { StoredRecord } from '../../../../lib/kafka/record.ts';
import { Effort } from '../../../../lib/kafka/record-batch/effort.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { recordsOf, withCompressedRecords, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, newRecord, plainStored, recordOf } from '../../../harness/fake-broker/batch-records.ts';
import { everything, packed, part, read } from './reading.ts';

const GZIP = 1;

/** A codec that gives bytes as they are, in pieces of these sizes, one after the other and again; and counts what it gave. */
function piecesOf(sizes: readonly number[]) {
  const given = { bytes: 0 };
  async function* pieces(_codec: number, bytes: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const piece = Buffer.from(bytes.subarray(at, at + sizes[i % sizes.length]));
      at += piece.length;
      given.bytes += piece.length;
      yield piece;
    }
  }
  return { given, decompress: pieces };
}

/** A batch that passes for a compressed one. */
function asPacked(...values: string[]): Buffer {
  const batch = writeBatch(values.map((value) => recordOf(value)));
  return inLog(withCompressedRecords(batch, GZIP, recordsOf(batch)), { baseOffset: 0 });
}

test('records are whole, wherever the pieces end that they were inflated in', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });
  const records = fc.array(newRecord, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(records, sizes, fc.nat(8), async (given, pieces, from) => {
      const batch = writeBatch(given);
      const bytes = inLog(withCompressedRecords(batch, GZIP, recordsOf(batch)), { baseOffset: 0 });

      const result = await read(bytes, { from, decompress: piecesOf(pieces).decompress });

      const { stored } = await part([given]);
      assert.deepEqual(result.records, stored.slice(from));
    }),
    { numRuns: 200 },
  );
});

test('of a record that is larger than the limit there is no content, and no more in memory than a piece', async () => {
  const bytes = asPacked('before', 'x'.repeat(3_000_000), 'after');
  const { decompress: pieces } = piecesOf([10_000]);

  const { records } = await readBatches(bytes, 0, bytes.length, { ...everything, largest: 100_000, decompress: pieces });

  assert.deepEqual(
    records.map(({ offset, value, tooLarge }) => [
      offset,
      value && value.end - value.start,
      tooLarge !== undefined && tooLarge >= 3_000_000,
    ]),
    [
      [0, 6, false],
      [1, null, true],
      [2, 5, false],
    ],
  );
  const held = new Set(records.flatMap(({ value }) => (value === null ? [] : [value.bytes])));
  assert.ok([...held].every(({ length }) => length < 20_000));
});

test('a record that is larger than the limit in a batch without compression is told of with its size', async () => {
  const headers = [{ key: 'abc', value: Buffer.alloc(4) }];
  const { bytes } = await part([[{ ...recordOf('x'.repeat(1000)), headers }, recordOf('small')]]);

  const { records } = await readBatches(bytes, 0, bytes.length, { ...everything, largest: 500 });

  assert.deepEqual(
    records.map(({ tooLarge }) => tooLarge),
    [1007, undefined],
  );
});

test('a record of more headers than a page may have is one that is too large', async () => {
  const headers = Array.from({ length: 100_001 }, () => ({ key: '', value: null }));
  const { bytes } = await part([[{ ...recordOf('many'), headers }, recordOf('none')]], 0, 'gzip');

  const { records } = await read(bytes).then(() => readBatches(bytes, 0, bytes.length, everything));

  assert.deepEqual(
    records.map(({ headers: shown, tooLarge }) => [shown, tooLarge]),
    [
      [null, 4],
      [null, undefined],
    ],
  );
});

test('the headers of a page are bounded, and the page goes on behind them', async () => {
  const headers = Array.from({ length: 40_000 }, () => ({ key: '', value: null }));
  const { bytes } = await part([Array(4).fill({ ...recordOf('x'), headers })], 0, 'gzip');

  const { records, nextOffset } = await read(bytes);

  assert.deepEqual([records.length, nextOffset], [2, 2]);
});

test('what is taken of a piece does not keep the piece', async () => {
  const bytes = asPacked(...Array.from({ length: 1000 }, () => 'x'.repeat(1000)));

  const { records } = await readBatches(bytes, 0, bytes.length, {
    ...everything,
    maxRecords: 2,
    decompress: piecesOf([1_000_000]).decompress,
  });

  assert.ok(records.every(({ value }) => value !== null && value.bytes.buffer.byteLength <= Buffer.poolSize));
});

test('a page that is full inflates no further', async () => {
  const bytes = asPacked(...Array.from({ length: 1000 }, () => 'x'.repeat(1000)));
  const { given, decompress: pieces } = piecesOf([10_000]);

  const { records, nextOffset } = await read(bytes, { maxBytes: 50_000, decompress: pieces });

  assert.deepEqual([records.length, nextOffset], [50, 50]);
  assert.ok(given.bytes <= 70_000, `${given.bytes} bytes`);
});

test('bytes that are inflated are spent, and the page ends with them, behind what it has seen', async () => {
  const bytes = asPacked(...Array.from({ length: 1000 }, () => 'x'.repeat(1000)));
  const effort = new Effort(Number.POSITIVE_INFINITY, 300_000);

  const { nextOffset } = await read(bytes, { effort, keep: () => false, decompress: piecesOf([10_000]).decompress });

  assert.ok(nextOffset >= 250 && nextOffset < 350, `offset ${nextOffset}`);
});

test('where nothing is left to spend, a record is passed all the same: every page goes on', async () => {
  const bytes = asPacked(...Array.from({ length: 100 }, () => 'x'.repeat(100_000)));
  const deadline = Date.now() - 1000;

  for (let from = 0; from < 100; ) {
    const { nextOffset } = await read(bytes, {
      from,
      effort: new Effort(deadline, 0),
      keep: () => false,
      decompress: piecesOf([9000]).decompress,
    });

    assert.ok(nextOffset > from && nextOffset <= from + 2, `from ${from} to ${nextOffset}`);
    from = nextOffset;
  }
});

test('the deadline is looked at between the records of one batch', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const { bytes } = await part([Array.from({ length: 1000 }, () => recordOf('x'.repeat(10_000)))]);
  const keep = () => {
    t.mock.timers.tick(100);
    return false;
  };

  const { nextOffset } = await read(bytes, { keep, effort: new Effort(5000) });

  assert.ok(nextOffset >= 50 && nextOffset <= 60, `offset ${nextOffset}`);
});

test('others have a turn while records are looked through', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const { bytes } = await part([Array.from({ length: 1000 }, () => recordOf('x'.repeat(10_000)))]);
  let longest = 0;
  let began = 0;
  let waiting = true;
  const turn = () => {
    longest = Math.max(longest, now - began);
    began = now;
    if (waiting) setImmediate(turn);
  };
  setImmediate(turn);
  const keep = (_: StoredRecord) => {
    now += 10;
    return false;
  };

  const { nextOffset } = await read(bytes, { keep, effort: new Effort(Number.POSITIVE_INFINITY) });
  waiting = false;

  assert.equal(nextOffset, 1000);
  assert.ok(longest > 0 && longest <= 300, `${longest} ms`);
});

test('a batch whose records end before its count says so is damaged, in pieces as well', async () => {
  const batch = writeBatch([recordOf('a'), recordOf('b')]);
  for (const cut of [1, 5, 9]) {
    const stored = recordsOf(batch).subarray(0, -cut);
    const bytes = inLog(withCompressedRecords(batch, GZIP, stored), { baseOffset: 0 });
    for (const size of [1, 3, 1000]) {
      await assert.rejects(read(bytes, { decompress: piecesOf([size]).decompress }), { name: 'KafkaRefused' });
    }
  }
});

for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
  test(`records of a large batch are read in their pieces (${codec})`, async () => {
    const records = Array.from({ length: 3000 }, (_, i) => recordOf(`${i}`.repeat(100)));
    const bytes = inLog(await packed(records, codec), { baseOffset: 7 });

    const { records: found } = await readBatches(bytes, 0, bytes.length, { ...everything, from: 7, decompress });

    assert.deepEqual(
      found.map(plainStored),
      records.map((record, i) => plainStored({ ...record, offset: 7 + i })),
    );
  });
}
