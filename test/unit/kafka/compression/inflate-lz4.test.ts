import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deflateLz4 } from '../../../../lib/kafka/compression/deflate-lz4.ts';
import { inflateLz4 as inflateLz4Pieces } from '../../../../lib/kafka/compression/inflate-lz4.ts';
import { content, incompressible, jsonRecords, lines } from './content.ts';
import { sizeForStrictDecoder } from './strict-lz4.ts';
import { whole } from './whole.ts';

const inflateLz4 = (bytes: Buffer, maxBytes: number) => whole(inflateLz4Pieces(bytes, maxBytes));

const HEADER = Buffer.from('04224d18604082', 'hex');
const BLOCK = 64 * 1024;

interface Block {
  packed: boolean;
  bytes: Buffer;
}

/** Blocks of a frame whose header is that of Java's client. */
function blocksOf(frame: Buffer): Block[] {
  assert.deepEqual(frame.subarray(0, HEADER.length), HEADER);
  const blocks: Block[] = [];
  let at = HEADER.length;
  for (let length = frame.readUInt32LE(at); length !== 0; length = frame.readUInt32LE(at)) {
    const end = at + 4 + (length & 0x7fffffff);
    blocks.push({ packed: length < 2 ** 31, bytes: frame.subarray(at + 4, end) });
    at = end;
  }
  assert.equal(frame.length, at + 4, 'nothing follows the end mark');
  return blocks;
}

test('what is compressed inflates to what it was', () => {
  fc.assert(
    fc.property(content, (bytes) => {
      assert.deepEqual(inflateLz4(deflateLz4(bytes), bytes.length), bytes);
    }),
    { numRuns: 50 },
  );
});

test("any full block can be read by lz4's own decoder", () => {
  const records = jsonRecords(40 * BLOCK);
  const frames = Array.from({ length: 40 }, (_, i) => deflateLz4(records.subarray(i * 61_000, i * 61_000 + 3 * BLOCK)));

  for (const blocks of frames.map(blocksOf)) {
    const sizes = blocks.map(({ packed, bytes }) => (packed ? sizeForStrictDecoder(bytes, BLOCK) : bytes.length));
    assert.equal(
      sizes.reduce((sum, size) => sum + size),
      3 * BLOCK,
    );
  }
});

test('blocks are independent: each inflates by itself', () => {
  const bytes = jsonRecords(200_000);
  const blocks = blocksOf(deflateLz4(bytes));

  const plain = blocks.map(({ bytes: block }) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(block.length);
    return inflateLz4(Buffer.concat([HEADER, length, block, Buffer.alloc(4)]), BLOCK);
  });

  assert.ok(blocks.length > 3);
  assert.deepEqual(Buffer.concat(plain), bytes);
});

test('a block that does not shrink is stored as it is', () => {
  const bytes = incompressible(150_000);

  const frame = deflateLz4(bytes);

  const blocks = blocksOf(frame);
  assert.ok(blocks.every(({ packed }) => !packed));
  assert.deepEqual(Buffer.concat(blocks.map((block) => block.bytes)), bytes);
  assert.deepEqual(inflateLz4(frame, 150_000), bytes);
});

test('what is too short to shrink is stored as it is', () => {
  for (let size = 0; size < 30; size++) {
    const bytes = Buffer.alloc(size, 'ab');

    assert.deepEqual(inflateLz4(deflateLz4(bytes), size), bytes);
  }
});

test('what Java compressed is inflated: one block and two', () => {
  const one = 'BCJNGGBAgh0AAAD/A2EgcmVjb3JkIG9mIEthZmthChIADFBhZmthCgAAAAA=';
  const two = `BCJNGGBAgh0BAAD/A2EgcmVjb3JkIG9mIEthZmthChIA${'////'.repeat(85)}/9ZQIEthZmshAAAA/wNhCmEgcmVjb3JkIG9mIEthZmsSAP////8CUGFma2EKAAAAAA==`;

  assert.deepEqual(inflateLz4(Buffer.from(one, 'base64'), 1000), lines(3));
  assert.deepEqual(inflateLz4(Buffer.from(two, 'base64'), 100_000), lines(3700));
});

interface Frame {
  flags?: number;
  blockSize?: number;
  extra?: number[];
  blocks: { stored: string; checksum?: number[] }[];
  end?: number[];
}

/** A frame of stored blocks, as other clients may write it. */
function frameOf({ flags = 0x60, blockSize = 4, extra = [], blocks, end = [0, 0, 0, 0] }: Frame): Buffer {
  const parts = blocks.map(({ stored, checksum = [] }) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(stored.length + 2 ** 31);
    return Buffer.concat([length, Buffer.from(stored), Buffer.from(checksum)]);
  });
  return Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, blockSize << 4, ...extra, 0xcc]), ...parts, Buffer.from(end)]);
}

test('frames with the options that other clients use are read', () => {
  const blocks = [{ stored: 'first ' }, { stored: 'second' }];
  const summed = blocks.map(({ stored }) => ({ stored, checksum: [1, 2, 3, 4] }));
  const frames = {
    'larger blocks': frameOf({ blockSize: 7, blocks }),
    'checksums of blocks': frameOf({ flags: 0x70, blocks: summed }),
    'checksum of the content': frameOf({ flags: 0x64, blocks, end: [0, 0, 0, 0, 1, 2, 3, 4] }),
    'size of the content': frameOf({ flags: 0x68, extra: [12, 0, 0, 0, 0, 0, 0, 0], blocks }),
    'number of a dictionary': frameOf({ flags: 0x61, extra: [1, 2, 3, 4], blocks }),
    everything: frameOf({ flags: 0x7d, extra: [12, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], blocks: summed, end: [0, 0, 0, 0, 1, 2, 3, 4] }),
  };

  for (const [what, frame] of Object.entries(frames)) assert.equal(String(inflateLz4(frame, 12)), 'first second', what);
});

test('blocks of a frame share one limit, whatever size the frame claims', () => {
  const frame = deflateLz4(Buffer.alloc(200_000));
  const claiming = frameOf({ flags: 0x68, extra: [1, 0, 0, 0, 0, 0, 0, 0], blocks: [{ stored: 'x'.repeat(100) }] });

  assert.equal(inflateLz4(frame, 200_000).length, 200_000);
  assert.throws(() => inflateLz4(frame, 199_999), { name: 'InflatesTooFar' });
  assert.throws(() => inflateLz4(claiming, 50), { name: 'InflatesTooFar' });
});

test('a frame that is cut off anywhere is an error', () => {
  const frame = deflateLz4(lines(100));

  for (let length = 0; length < frame.length; length++) {
    assert.throws(() => inflateLz4(frame.subarray(0, length), 10_000), RangeError, `cut at ${length}`);
  }
});

test('a frame that is damaged is an error', () => {
  const damaged: Record<string, Buffer> = {
    'no frame': Buffer.from('no frame of lz4'),
    'no such block size': frameOf({ blockSize: 3, blocks: [] }),
    'a stored block of two gigabytes': Buffer.concat([HEADER, Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3])]),
    'a block of two gigabytes': Buffer.concat([HEADER, Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2, 3])]),
    'a damaged block': Buffer.concat([HEADER, Buffer.from([2, 0, 0, 0, 0x30, 0x61, 0, 0, 0, 0])]),
  };

  for (const [what, frame] of Object.entries(damaged)) assert.throws(() => inflateLz4(frame, 10_000), RangeError, what);
});
