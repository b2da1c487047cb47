import { deflateLz4Block, lz4Bound } from './deflate-lz4-block.ts';

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

/** Writes an LZ4 frame, with code of our own: npm's codecs are native, or far larger than a function of ours. */
export function deflateLz4(bytes: Buffer): Buffer {
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
}
