import { inflateLz4Block } from './inflate-lz4-block.ts';
import { InflatesTooFar } from './inflates-too-far.ts';

const MAGIC = 0x184d2204;
const UNCOMPRESSED = 0x80000000;

/** Bits of the frame's flags, and the sizes that its blocks may have. */
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
const BLOCK_SIZES = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];

/**
 * Reads an LZ4 frame, block by block, with code of our own: npm's codecs are native, far larger than a function of ours, or accept damaged
 * frames.
 *
 * @throws {InflatesTooFar} past `maxBytes`
 * @throws {RangeError} when the bytes are damaged
 */
export function* inflateLz4(bytes: Buffer, maxBytes: number): Generator<Buffer> {
  const { blockSize, checksum, start } = readFrameHeader(bytes);
  let size = 0;
  for (let at = start; ; ) {
    const length = bytes.readUInt32LE(at);
    if (length === 0) return;
    const packed = length < UNCOMPRESSED;
    const end = at + 4 + (packed ? length : length - UNCOMPRESSED);
    if (end > bytes.length) throw new RangeError('an lz4 block reaches past its frame');
    const block = bytes.subarray(at + 4, end);
    const plain = packed ? inflateLz4Block(block, blockSize) : block;
    size += plain.length;
    if (size > maxBytes) throw new InflatesTooFar(`lz4 frame of ${size} bytes and more`);
    yield plain;
    at = end + checksum;
  }
}

/** Skips checksums: Kafka's batch has one over all of this. */
function readFrameHeader(bytes: Buffer): { blockSize: number; checksum: number; start: number } {
  if (bytes.readUInt32LE(0) !== MAGIC) throw new RangeError('no lz4 frame');
  const flags = bytes.readUInt8(4);
  const blockSize = BLOCK_SIZES[(bytes.readUInt8(5) >> 4) & 7];
  if (blockSize === 0) throw new RangeError('an lz4 frame of no known block size');
  const start = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY ? 4 : 0);
  return { blockSize, checksum: flags & BLOCK_CHECKSUM ? 4 : 0, start };
}
