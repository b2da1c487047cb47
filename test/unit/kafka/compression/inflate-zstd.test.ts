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
