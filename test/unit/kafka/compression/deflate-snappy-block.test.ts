import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { deflateSnappyBlock, snappyBound } from '../../../../lib/kafka/compression/deflate-snappy-block.ts';
import { inflateSnappyBlock } from '../../../../lib/kafka/compression/inflate-snappy-block.ts';
import { content, incompressible, jsonRecords } from './content.ts';

function deflate(block: Buffer): Buffer {
  const to = Buffer.alloc(snappyBound(block.length));
  const size = deflateSnappyBlock(block, to);
  assert.ok(size <= to.length);
  return to.subarray(0, size);
}

test('literals and copies are written as the format has them', () => {
  assert.equal(deflate(Buffer.from('')).toString('hex'), '00');
  assert.equal(deflate(Buffer.from('abc')).toString('hex'), '0308616263');
  assert.equal(deflate(Buffer.alloc(12, 'a')).toString('hex'), '0c0061' + '1d01');
  assert.equal(deflate(Buffer.alloc(13, 'a')).toString('hex'), '0d0061' + '2e0100');
});

test('what is compressed is inflated here and elsewhere', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      const block = bytes.subarray(0, 65_536);
      const packed = deflate(block);

      assert.deepEqual(inflateSnappyBlock(packed, 65_536), block);
      assert.deepEqual(Buffer.from(snappyjs.uncompress(packed)), block);
    }),
    { numRuns: 200 },
  );
});

test('copies of every length are read elsewhere', () => {
  for (let size = 1; size < 300; size++) {
    const block = Buffer.alloc(size, 'a');

    assert.deepEqual(Buffer.from(snappyjs.uncompress(deflate(block))), block);
  }
});

test('literals of every length are read elsewhere', () => {
  for (const size of [1, 59, 60, 61, 62, 255, 256, 257, 258, 65_535, 65_536]) {
    const block = incompressible(size);

    assert.deepEqual(Buffer.from(snappyjs.uncompress(deflate(block))), block);
  }
});

test('the offset of a copy is in one byte and three bits, or in two bytes where it is far back', () => {
  for (const [offset, copy] of [
    [100, '1564'],
    [2047, 'f5ff'],
    [2048, '220008'],
    [60_000, '2260ea'],
  ] as const) {
    const block = Buffer.concat([Buffer.from('partition'), Buffer.alloc(offset - 9), Buffer.from('partition')]);

    const packed = deflate(block);

    assert.equal(packed.toString('hex').slice(-copy.length), copy);
    assert.deepEqual(Buffer.from(snappyjs.uncompress(packed)), block);
  }
});

test('a block shrinks as much as elsewhere', () => {
  const block = jsonRecords(32_768);

  const [here, elsewhere] = [deflate(block).length, snappyjs.compress(block).length];

  assert.ok(here <= elsewhere * 1.05, `${here} bytes, ${elsewhere} elsewhere`);
});
