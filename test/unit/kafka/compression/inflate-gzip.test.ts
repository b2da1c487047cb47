import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { deflateGzip } from '../../../../lib/kafka/compression/deflate-gzip.ts';
import { inflateGzip as inflateGzipPieces } from '../../../../lib/kafka/compression/inflate-gzip.ts';
import { content, lines } from './content.ts';
import { wholeOf } from './whole.ts';

const inflateGzip = (bytes: Buffer, maxBytes: number) => wholeOf(inflateGzipPieces(bytes, maxBytes));

test('what is compressed inflates to what it was, here and elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      const packed = await deflateGzip(bytes);

      assert.deepEqual(await inflateGzip(packed, bytes.length + 1), bytes);
      assert.deepEqual(gunzipSync(packed), bytes);
    }),
    { numRuns: 30 },
  );
});

test('what Java compressed is inflated', async () => {
  const packed = Buffer.from('H4sIAAAAAAAA/0tUKEpNzi9KUchPU/BOTMtO5EokQgQAl2KTAjYAAAA=', 'base64');

  assert.deepEqual(await inflateGzip(packed, 1000), lines(3));
});

test('inflating stops at the limit', async () => {
  const bomb = await deflateGzip(Buffer.alloc(10_000_000));

  await assert.rejects(inflateGzip(bomb, 9_999_999), { name: 'InflatesTooFar' });
  assert.equal((await inflateGzip(bomb, 10_000_000)).length, 10_000_000);
});

test('damaged and cut-off input is an error', async () => {
  const packed = await deflateGzip(lines(100));
  const damaged = Buffer.from(packed);
  damaged[packed.length - 10] ^= 0xff;

  await assert.rejects(inflateGzip(damaged, 10_000), Error);
  for (let length = 0; length < packed.length; length += 7) await assert.rejects(inflateGzip(packed.subarray(0, length), 10_000), Error);
});
