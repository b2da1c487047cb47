import { InflatesTooFar } from './inflates-too-far.ts';

/**
 * Inflates one block of snappy.
 *
 * @throws {InflatesTooFar} before anything is allocated
 * @throws {RangeError} when the block is damaged
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function inflateSnappyBlock(block: Buffer, maxBytes: number): Buffer {
  const { size, start } = readSize(block);
  if (size > maxBytes) throw new InflatesTooFar(`snappy block of ${size} bytes`);
  const out = Buffer.allocUnsafe(size);
  let to = 0;
  for (let at = start; at < block.length; ) {
    const tag = block[at++];
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const extra = Math.max(0, short - 59);
      if (at + extra > block.length) throw damaged();
      const length = (extra === 0 ? short : block.readUIntLE(at, extra)) + 1;
      at += extra;
      if (at + length > block.length || to + length > size) throw damaged();
      block.copy(out, to, at, at + length);
      at += length;
      to += length;
      continue;
    }
    const extra = kind === 3 ? 4 : kind;
    if (at + extra > block.length) throw damaged();
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = kind === 1 ? ((tag >> 5) << 8) | block[at] : block.readUIntLE(at, extra);
    at += extra;
    if (offset === 0 || offset > to || to + length > size) throw damaged();
    // A copy may reach into what it writes.
    for (const end = to + length; to < end; to++) out[to] = out[to - offset];
  }
  if (to !== size) throw damaged();
  return out;
}

/** A block begins with its inflated size as a little-endian base-128 number of at most 32 bits. */
function readSize(block: Buffer): { size: number; start: number } {
  let size = 0;
  for (let i = 0; i < 5 && i < block.length; i++) {
    size += (block[i] & 127) * 128 ** i;
    if (block[i] < 128) return { size, start: i + 1 };
  }
  throw damaged();
}

const damaged = (): RangeError => new RangeError('a snappy block is damaged');
