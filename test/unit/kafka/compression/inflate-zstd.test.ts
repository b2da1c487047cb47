import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { deflateZstd } from '../../../../lib/kafka/compression/deflate-zstd.ts';
import { inflateZstd as inflateZstdPieces } from '../../../../lib/kafka/compression/inflate-zstd.ts';
import { content, lines } from './content.ts';
import { wholeOf } from './whole.ts';

const inflateZstd = (bytes: Buffer, maxBytes: number) => wholeOf(inflateZstdPieces(bytes, maxBytes));

test('what is compressed inflates to what it was, here and elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const packed = await deflateZstd(bytes);

      assert.deepEqual(await inflateZstd(packed, bytes.length + 1), bytes);
      assert.deepEqual(zstdDecompressSync(packed), bytes);
    }),
    { numRuns: 30 },
  );
});

test('what Java compressed is inflated', async () => {
  const packed = Buffer.from('KLUv/QBYxAAAkGEgcmVjb3JkIG9mIEthZmthCgEAFjnDAQAA', 'base64');

  assert.deepEqual(await inflateZstd(packed, 1000), lines(3));
});

test('frames that follow each other are inflated, also past those that hold no content', async () => {
  const skippable = Buffer.from('502a4d1803000000010203', 'hex');
  const packed = Buffer.concat([
    skippable,
    await deflateZstd(lines(3)),
    skippable,
    await deflateZstd(lines(5000)),
    await deflateZstd(lines(1)),
  ]);

  assert.deepEqual(await inflateZstd(packed, 200_000), Buffer.concat([lines(3), lines(5000), lines(1)]));
});

test('the frames share one limit', async () => {
  const packed = Buffer.concat(Array(3).fill(await deflateZstd(Buffer.alloc(1000))));

  assert.equal((await inflateZstd(packed, 3000)).length, 3000);
  await assert.rejects(inflateZstd(packed, 2999), { name: 'InflatesTooFar' });
});

test('far more frames than any producer writes are an error', async () => {
  await assert.rejects(inflateZstd(Buffer.concat(Array(1001).fill(Buffer.from('502a4d1800000000', 'hex'))), 1000), RangeError);
});

test('inflating stops at the limit', async () => {
  const bomb = await deflateZstd(Buffer.alloc(10_000_000));

  await assert.rejects(inflateZstd(bomb, 9_999_999), { name: 'InflatesTooFar' });
  assert.equal((await inflateZstd(bomb, 10_000_000)).length, 10_000_000);
});

test('damaged and cut-off input is an error', async () => {
  const packed = await deflateZstd(lines(100));
  const damaged = Buffer.from(packed);
  damaged[0] ^= 0xff;

  await assert.rejects(inflateZstd(damaged, 10_000), Error);
  for (let length = 0; length < packed.length; length++) await assert.rejects(inflateZstd(packed.subarray(0, length), 10_000), Error);
});
