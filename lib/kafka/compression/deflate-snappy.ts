import { deflateSnappyBlock, snappyBound } from './deflate-snappy-block.ts';
import { FRAME_HEADER, MAGIC } from './xerial-frame.ts';

/** Uncompressed bytes in a block, as in xerial's writer. */
const BLOCK = 32 * 1024;

/** Writes snappy in xerial's framing, with code of our own, as for lz4. */
export function deflateSnappy(bytes: Buffer): Buffer {
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
}
