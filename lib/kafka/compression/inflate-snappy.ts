import { inflateSnappyBlock } from './inflate-snappy-block.ts';
import { FRAME_HEADER, MAGIC } from './xerial-frame.ts';

/**
 * Reads snappy, block by block, with or without xerial's framing: other clients write a bare block.
 *
 * @throws {InflatesTooFar} past `maxBytes`
 * @throws {RangeError} when the bytes are damaged
 */
export function* inflateSnappy(bytes: Buffer, maxBytes: number): Generator<Buffer> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    yield inflateSnappyBlock(bytes, maxBytes);
    return;
  }
  let left = maxBytes;
  for (let at = FRAME_HEADER; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end <= at || end > bytes.length) throw new RangeError('a snappy block reaches past its frame');
    const block = inflateSnappyBlock(bytes.subarray(at + 4, end), left);
    left -= block.length;
    yield block;
    at = end;
  }
}
