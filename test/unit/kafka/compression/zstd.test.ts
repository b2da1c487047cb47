import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { zstd } from '../../../../lib/kafka/compression/zstd.ts';
import { content, lines } from './content.ts';

test('what is compressed inflates to what it was, here and elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const packed = await zstd.compress(bytes);

      assert.deepEqual(await zstd.decompress(packed, bytes.length + 1), bytes);
      assert.deepEqual(zstdDecompressSync(packed), bytes);
    }),
    { numRuns: 30 },
  );
});

test('what Java compressed is inflated', async () => {
  const packed = Buffer.from('KLUv/QBYxAAAkGEgcmVjb3JkIG9mIEthZmthCgEAFjnDAQAA', 'base64');

  assert.deepEqual(await zstd.decompress(packed, 1000), lines(3));
});

test('inflating stops at the limit', async () => {
  const bomb = await zstd.compress(Buffer.alloc(10_000_000));

  await assert.rejects(zstd.decompress(bomb, 9_999_999), { name: 'InflatesTooFar' });
  assert.equal((await zstd.decompress(bomb, 10_000_000)).length, 10_000_000);
});

test('damaged and cut-off input is an error', async () => {
  const packed = await zstd.compress(lines(100));
  const damaged = Buffer.from(packed);
  damaged[0] ^= 0xff;

  await assert.rejects(zstd.decompress(damaged, 10_000), Error);
  for (let length = 0; length < packed.length; length++) await assert.rejects(zstd.decompress(packed.subarray(0, length), 10_000), Error);
});
