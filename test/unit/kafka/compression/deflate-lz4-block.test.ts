import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import lz4js from 'lz4js';
import { deflateLz4Block, lz4Bound } from '../../../../lib/kafka/compression/deflate-lz4-block.ts';
import { inflateLz4Block } from '../../../../lib/kafka/compression/inflate-lz4-block.ts';
import { content, incompressible, jsonRecords } from './content.ts';
import { sizeForStrictDecoder } from './strict-lz4.ts';

function deflate(block: Buffer): Buffer {
  const to = Buffer.alloc(lz4Bound(block.length));
  const size = deflateLz4Block(block, to);
  assert.ok(size <= to.length);
  return to.subarray(0, size);
}

/** By another implementation of the format. */
function inflateElsewhere(packed: Buffer, size: number): Buffer {
  const to = Buffer.alloc(size);
  assert.equal(lz4js.decompressBlock(packed, to, 0, packed.length, 0), size);
  return to;
}

test('literals and matches are written as the format has them', () => {
  assert.equal(deflate(Buffer.from('abc')).toString('hex'), '30616263');
  assert.equal(deflate(Buffer.alloc(20, 'a')).toString('hex'), `1a610100${'50'}${'61'.repeat(5)}`);
  assert.equal(deflate(Buffer.alloc(25, 'a')).toString('hex'), `1f610100${'00'}50${'61'.repeat(5)}`);
});

test('what is compressed is inflated here and elsewhere', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      const block = bytes.subarray(0, 65_536);
      const packed = deflate(block);

      assert.deepEqual(inflateLz4Block(packed, 65_536), block);
      assert.deepEqual(inflateElsewhere(packed, block.length), block);
    }),
    { numRuns: 200 },
  );
});

test('short blocks of every size end as the format wants them to', () => {
  for (let size = 1; size < 100; size++) {
    const block = Buffer.alloc(size, 'ab');
    const packed = deflate(block);

    assert.equal(sizeForStrictDecoder(packed, size), size);
    assert.deepEqual(inflateElsewhere(packed, size), block);
  }
});

test('a full block is read strictly, and shrinks as much as elsewhere', () => {
  const block = jsonRecords(65_536);

  const packed = deflate(block);

  const elsewhere = lz4js.compressBlock(block, Buffer.alloc(lz4js.compressBound(block.length)), 0, block.length, new Uint32Array(65_536));
  assert.equal(sizeForStrictDecoder(packed, 65_536), 65_536);
  assert.ok(packed.length <= elsewhere * 1.05, `${packed.length} bytes, ${elsewhere} elsewhere`);
});

test('what does not shrink fits the bound', () => {
  for (const size of [0, 1, 14, 15, 16, 269, 270, 271, 65_536]) {
    const block = incompressible(size);

    assert.deepEqual(inflateLz4Block(deflate(block), 65_536), block);
  }
});
