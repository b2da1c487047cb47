import type { Codec } from './codec.ts';
import { deflateSnappyBlock, snappyBound } from './deflate-snappy-block.ts';
import { inflateSnappyBlock } from './inflate-snappy-block.ts';

/** Java's clients write snappy in the framing of the xerial library: this magic, two versions, then blocks behind their lengths. */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAME_HEADER = MAGIC.length + 8;
/** Uncompressed bytes in a block, as xerial's writer has it. */
const BLOCK = 32 * 1024;

/** Snappy, by code of our own like lz4: written in xerial's framing, read with and without it (other clients write a bare block). */
export const snappy: Codec = {
  async compress(bytes) {
    const header = Buffer.alloc(FRAME_HEADER);
    MAGIC.copy(header);
    header.writeInt32BE(1, MAGIC.length);
    header.writeInt32BE(1, MAGIC.length + 4);
    const parts: Buffer[] = [header];
    const packed = Buffer.allocUnsafe(snappyBound(Math.min(BLOCK, bytes.length)));
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const size = deflateSnappyBlock(bytes.subarray(at, at + BLOCK), packed);
      const length = Buffer.alloc(4);
      length.writeInt32BE(size);
      parts.push(length, Buffer.from(packed.subarray(0, size)));
    }
    return Buffer.concat(parts);
  },

  async decompress(bytes, maxBytes) {
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return inflateSnappyBlock(bytes, maxBytes);
    const blocks: Buffer[] = [];
    let left = maxBytes;
    for (let at = FRAME_HEADER; at < bytes.length; ) {
      const end = at + 4 + bytes.readInt32BE(at);
      if (end <= at || end > bytes.length) throw new RangeError('a snappy block reaches past its frame');
      const block = inflateSnappyBlock(bytes.subarray(at + 4, end), left);
      left -= block.length;
      blocks.push(block);
      at = end;
    }
    return Buffer.concat(blocks);
  },
};
