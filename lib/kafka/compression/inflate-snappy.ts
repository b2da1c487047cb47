import { inflateSnappyBlock } from './inflate-snappy-block.ts';
import { FRAME_HEADER, MAGIC } from './xerial-frame.ts';

/**
 * Reads snappy, block by block, with or without xerial's framing: other clients write a bare block. Frames may follow each other.
 *
 * @throws {InflatesTooFar} past `maxBytes`
 * @throws {RangeError} when the bytes are damaged
 */
export function* inflateSnappy(bytes: Buffer, maxBytes: number): Generator<Buffer> {
  if (!beginsFrame(bytes, 0)) {
    yield inflateSnappyBlock(bytes, maxBytes);
    return;
  }
  let left = maxBytes;
  for (let at = 0; at < bytes.length; ) {
    if (beginsFrame(bytes, at)) {
      at += FRAME_HEADER;
      continue;
    }
    const end = at + 4 + bytes.readInt32BE(at);
    if (end <= at || end > bytes.length) throw new RangeError('a snappy block reaches past its frame');
    const block = inflateSnappyBlock(bytes.subarray(at + 4, end), left);
    left -= block.length;
    yield block;
    at = end;
  }
}

const beginsFrame = (bytes: Buffer, at: number): boolean => bytes.subarray(at, at + MAGIC.length).equals(MAGIC);
