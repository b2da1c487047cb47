import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lz4 } from '../../../../lib/kafka/compression/lz4.ts';
import { content, incompressible, jsonRecords, lines } from './content.ts';
import { sizeForStrictDecoder } from './strict-lz4.ts';

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

test('what is compressed inflates to what it was', async () => {
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      assert.deepEqual(await lz4.decompress(await lz4.compress(bytes), bytes.length), bytes);
    }),
    { numRuns: 50 },
  );
});

test("any full block can be read by lz4's own decoder", async () => {
  const records = jsonRecords(40 * BLOCK);
  const frames = await Promise.all(
    Array.from({ length: 40 }, (_, i) => lz4.compress(records.subarray(i * 61_000, i * 61_000 + 3 * BLOCK))),
  );

  for (const blocks of frames.map(blocksOf)) {
    const sizes = blocks.map(({ packed, bytes }) => (packed ? sizeForStrictDecoder(bytes, BLOCK) : bytes.length));
    assert.equal(
      sizes.reduce((sum, size) => sum + size),
      3 * BLOCK,
    );
  }
});

test('blocks are independent: each inflates by itself', async () => {
  const bytes = jsonRecords(200_000);
  const blocks = blocksOf(await lz4.compress(bytes));

  const plain = await Promise.all(
    blocks.map(({ bytes: block }) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(block.length);
      return lz4.decompress(Buffer.concat([HEADER, length, block, Buffer.alloc(4)]), BLOCK);
    }),
  );

  assert.ok(blocks.length > 3);
  assert.deepEqual(Buffer.concat(plain), bytes);
});

test('a block that does not shrink is stored as it is', async () => {
  const bytes = incompressible(150_000);

  const frame = await lz4.compress(bytes);

  const blocks = blocksOf(frame);
  assert.ok(blocks.every(({ packed }) => !packed));
  assert.deepEqual(Buffer.concat(blocks.map((block) => block.bytes)), bytes);
  assert.deepEqual(await lz4.decompress(frame, 150_000), bytes);
});

test('what is too short to shrink is stored as it is', async () => {
  for (let size = 0; size < 30; size++) {
    const bytes = Buffer.alloc(size, 'ab');

    assert.deepEqual(await lz4.decompress(await lz4.compress(bytes), size), bytes);
  }
});

test('what Java compressed is inflated: one block and two', async () => {
  const one = 'BCJNGGBAgh0AAAD/A2EgcmVjb3JkIG9mIEthZmthChIADFBhZmthCgAAAAA=';
  const two = `BCJNGGBAgh0BAAD/A2EgcmVjb3JkIG9mIEthZmthChIA${'////'.repeat(85)}/9ZQIEthZmshAAAA/wNhCmEgcmVjb3JkIG9mIEthZmsSAP////8CUGFma2EKAAAAAA==`;

  assert.deepEqual(await lz4.decompress(Buffer.from(one, 'base64'), 1000), lines(3));
  assert.deepEqual(await lz4.decompress(Buffer.from(two, 'base64'), 100_000), lines(3700));
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

test('frames with the options that other clients use are read', async () => {
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

  for (const [what, frame] of Object.entries(frames)) assert.equal(String(await lz4.decompress(frame, 12)), 'first second', what);
});

test('blocks of a frame share one limit, whatever size the frame claims', async () => {
  const frame = await lz4.compress(Buffer.alloc(200_000));
  const claiming = frameOf({ flags: 0x68, extra: [1, 0, 0, 0, 0, 0, 0, 0], blocks: [{ stored: 'x'.repeat(100) }] });

  assert.equal((await lz4.decompress(frame, 200_000)).length, 200_000);
  await assert.rejects(lz4.decompress(frame, 199_999), { name: 'InflatesTooFar' });
  await assert.rejects(lz4.decompress(claiming, 50), { name: 'InflatesTooFar' });
});

test('a frame that is cut off anywhere is an error', async () => {
  const frame = await lz4.compress(lines(100));

  for (let length = 0; length < frame.length; length++) {
    await assert.rejects(lz4.decompress(frame.subarray(0, length), 10_000), RangeError, `cut at ${length}`);
  }
});

test('a frame that is damaged is an error', async () => {
  const damaged: Record<string, Buffer> = {
    'no frame': Buffer.from('no frame of lz4'),
    'no such block size': frameOf({ blockSize: 3, blocks: [] }),
    'a stored block of two gigabytes': Buffer.concat([HEADER, Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3])]),
    'a block of two gigabytes': Buffer.concat([HEADER, Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2, 3])]),
    'a damaged block': Buffer.concat([HEADER, Buffer.from([2, 0, 0, 0, 0x30, 0x61, 0, 0, 0, 0])]),
  };

  for (const [what, frame] of Object.entries(damaged)) await assert.rejects(lz4.decompress(frame, 10_000), RangeError, what);
});
