import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { deflateSnappy } from '../../../../lib/kafka/compression/deflate-snappy.ts';
import { inflateSnappy as inflateSnappyPieces } from '../../../../lib/kafka/compression/inflate-snappy.ts';
import { inflateSnappyBlock } from '../../../../lib/kafka/compression/inflate-snappy-block.ts';
import { content, lines } from './content.ts';
import { whole } from './whole.ts';

const inflateSnappy = (bytes: Buffer, maxBytes: number) => whole(inflateSnappyPieces(bytes, maxBytes));

const MAGIC = Buffer.from('82534e41505059000000000100000001', 'hex');

/** Compressed blocks in a frame of the xerial library. */
function xerialBlocks(frame: Buffer): Buffer[] {
  assert.deepEqual(frame.subarray(0, 16), MAGIC);
  const blocks: Buffer[] = [];
  for (let at = 16; at < frame.length; ) {
    const end = at + 4 + frame.readInt32BE(at);
    blocks.push(frame.subarray(at + 4, end));
    at = end;
  }
  return blocks;
}

test('what is compressed inflates to what it was', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      assert.deepEqual(inflateSnappy(deflateSnappy(bytes), bytes.length), bytes);
    }),
    { numRuns: 50 },
  );
});

test("it is written in the frame of Java's clients, in blocks of 32 KiB", () => {
  const frame = deflateSnappy(lines(4000));

  const sizes = xerialBlocks(frame).map((block) => inflateSnappyBlock(block, 100_000).length);
  assert.deepEqual(sizes, [32_768, 32_768, 72_000 - 65_536]);
});

test('what Java compressed is inflated: in one block and in two', () => {
  const one = 'glNOQVBQWQAAAAABAAAAAQAAABc2RGEgcmVjb3JkIG9mIEthZmthCo4SAA==';
  const two = `glNOQVBQWQAAAAABAAAAAQAABhaAgAJEYSByZWNvcmQgb2YgS2Fma2EK${'/hIA'.repeat(511)}thIAAAAAL5QERCBvZiBLYWZrYQphIHJlY29yZP4SAP4SAP4SAP4SAP4SAP4SAP4SAO4SAAkS`;

  assert.deepEqual(inflateSnappy(Buffer.from(one, 'base64'), 1000), lines(3));
  assert.deepEqual(inflateSnappy(Buffer.from(two, 'base64'), 100_000), lines(1850));
});

test('a bare block, as other clients write it, is inflated', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      assert.deepEqual(inflateSnappy(snappyjs.compress(bytes), bytes.length), bytes);
    }),
    { numRuns: 30 },
  );
});

test('frames that follow each other are inflated', () => {
  const packed = Buffer.concat([deflateSnappy(lines(3)), deflateSnappy(lines(4000))]);

  assert.deepEqual(inflateSnappy(packed, 100_000), Buffer.concat([lines(3), lines(4000)]));
});

test('the blocks of a frame share one limit', () => {
  const frame = deflateSnappy(Buffer.alloc(100_000));

  assert.equal(inflateSnappy(frame, 100_000).length, 100_000);
  assert.throws(() => inflateSnappy(frame, 99_999), { name: 'InflatesTooFar' });
});

test('a frame with a block whose length cannot be is an error', () => {
  for (const length of [-1, -4, -20, 0, 5, 2 ** 31 - 1]) {
    const frame = Buffer.concat([MAGIC, Buffer.alloc(8)]);
    frame.writeInt32BE(length, 16);

    assert.throws(() => inflateSnappy(frame, 1000), RangeError, `length ${length}`);
  }
});

test('a frame that is cut off within a block is an error', () => {
  const frame = deflateSnappy(lines(10));

  for (let length = 17; length < frame.length; length++) {
    assert.throws(() => inflateSnappy(frame.subarray(0, length), 10_000), RangeError, `cut at ${length}`);
  }
});
