import lz4js from 'lz4js';
import { type Codec, InflatesTooFar } from './codecs.ts';

/**
 * Header of an LZ4 frame: magic, version 1 with independent blocks (Java's client reads no others, and lz4js's own frames lack the
 * bit), blocks of at most 64 KiB, and the checksum of these two bytes.
 *
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
const FRAME_HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const END_MARK = Buffer.alloc(4);
const BLOCK = 64 * 1024;
const UNCOMPRESSED = 0x80000000;

/** LZ4 by lz4js. */
export const lz4: Codec = {
  async compress(bytes) {
    const parts: Buffer[] = [FRAME_HEADER];
    const hashTable = new Uint32Array(65_536);
    const packed = Buffer.allocUnsafe(lz4js.compressBound(BLOCK));
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = bytes.subarray(at, at + BLOCK);
      hashTable.fill(0);
      const size = lz4js.compressBlock(block, packed, 0, block.length, hashTable);
      const shrunk = size > 0 && size < block.length;
      const length = Buffer.alloc(4);
      length.writeUInt32LE(shrunk ? size : block.length + UNCOMPRESSED);
      parts.push(length, shrunk ? Buffer.from(packed.subarray(0, size)) : block);
    }
    parts.push(END_MARK);
    return Buffer.concat(parts);
  },

  async decompress(bytes, maxBytes) {
    const bound = lz4js.decompressBound(bytes);
    // The bound counts whole blocks: one block too many says nothing yet, but more than that is over the limit for sure.
    if (bound > maxBytes + 4 * 1024 * 1024) throw new InflatesTooFar(`lz4 frame of up to ${bound} bytes`);
    const plain = lz4js.decompress(bytes, bound);
    if (plain.length > maxBytes) throw new InflatesTooFar(`lz4 frame of ${plain.length} bytes`);
    return Buffer.from(plain.buffer, plain.byteOffset, plain.length);
  },
};
