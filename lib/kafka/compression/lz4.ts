import { type Codec, InflatesTooFar } from './codec.ts';
import { deflateLz4Block, lz4Bound } from './deflate-lz4-block.ts';
import { inflateLz4Block } from './inflate-lz4-block.ts';

const MAGIC = 0x184d2204;
/**
 * Header of the frames that we write: magic, version 1 with independent blocks (Java's client reads no others), blocks of at most
 * 64 KiB, and the checksum of these two bytes.
 *
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
const FRAME_HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const END_MARK = Buffer.alloc(4);
const BLOCK = 64 * 1024;
const UNCOMPRESSED = 0x80000000;

/** Bits of the frame's flags, and the sizes that its blocks may have. */
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
const BLOCK_SIZES = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];

/** LZ4 frames, by code of our own: the codecs of npm are native, far larger than a function of ours, or take damaged frames for whole ones. */
export const lz4: Codec = {
  async compress(bytes) {
    const parts: Buffer[] = [FRAME_HEADER];
    const packed = Buffer.allocUnsafe(lz4Bound(Math.min(BLOCK, bytes.length)));
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = bytes.subarray(at, at + BLOCK);
      const size = deflateLz4Block(block, packed);
      const shrunk = size < block.length;
      const length = Buffer.alloc(4);
      length.writeUInt32LE(shrunk ? size : block.length + UNCOMPRESSED);
      parts.push(length, shrunk ? Buffer.from(packed.subarray(0, size)) : block);
    }
    parts.push(END_MARK);
    return Buffer.concat(parts);
  },

  async decompress(bytes, maxBytes) {
    const { blockSize, checksum, start } = readFrameHeader(bytes);
    const blocks: Buffer[] = [];
    let size = 0;
    for (let at = start; ; ) {
      const length = bytes.readUInt32LE(at);
      if (length === 0) return Buffer.concat(blocks, size);
      const packed = length < UNCOMPRESSED;
      const end = at + 4 + (packed ? length : length - UNCOMPRESSED);
      if (end > bytes.length) throw new RangeError('an lz4 block reaches past its frame');
      const block = bytes.subarray(at + 4, end);
      const plain = packed ? inflateLz4Block(block, blockSize) : block;
      size += plain.length;
      if (size > maxBytes) throw new InflatesTooFar(`lz4 frame of ${size} bytes and more`);
      blocks.push(plain);
      at = end + checksum;
    }
  },
};

/** Checksums are left alone: Kafka's batch has one over all of this. */
function readFrameHeader(bytes: Buffer): { blockSize: number; checksum: number; start: number } {
  if (bytes.readUInt32LE(0) !== MAGIC) throw new RangeError('no lz4 frame');
  const flags = bytes.readUInt8(4);
  const blockSize = BLOCK_SIZES[(bytes.readUInt8(5) >> 4) & 7];
  if (blockSize === 0) throw new RangeError('an lz4 frame of no known block size');
  const start = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY ? 4 : 0);
  return { blockSize, checksum: flags & BLOCK_CHECKSUM ? 4 : 0, start };
}
