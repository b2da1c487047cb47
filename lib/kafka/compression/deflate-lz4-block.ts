import { copyLiterals, findMatches } from './matches.ts';

const MIN_MATCH = 4;
/** The format's rules for the end of a block: its last five bytes are literals, and no match begins in its last twelve. */
const LAST_LITERALS = 5;
const NO_MATCH_BEGINS = 12;

/** Room that a block needs at worst, if nothing in it matches. */
export const lz4Bound = (size: number): number => size + Math.ceil(size / 255) + 16;

/**
 * Compresses one independent block of LZ4.
 *
 * @param block of at most 64 KiB
 * @param to gets the compressed block; must be as large as `lz4Bound` says
 * @returns the number of bytes of the compressed block
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function deflateLz4Block(block: Buffer, to: Buffer): number {
  let written = 0;
  let literals = 0;
  findMatches(block, block.length - NO_MATCH_BEGINS, block.length - LAST_LITERALS, (start, end, offset) => {
    const match = end - start - MIN_MATCH;
    written = writeLiterals(block, literals, start, to, written, Math.min(match, 15));
    to[written++] = offset & 255;
    to[written++] = offset >> 8;
    if (match >= 15) written = writeLength(to, written, match - 15);
    literals = end;
  });
  return writeLiterals(block, literals, block.length, to, written, 0);
}

/** Writes the token, of which `match` is the lower half, and the literals after it. */
function writeLiterals(block: Buffer, start: number, end: number, to: Buffer, at: number, match: number): number {
  const length = end - start;
  let next = at;
  to[next++] = (Math.min(length, 15) << 4) | match;
  if (length >= 15) next = writeLength(to, next, length - 15);
  return copyLiterals(block, start, end, to, next);
}

/** The part of a length that exceeds its half of the token: bytes to be added up, each 255 but the last. */
function writeLength(to: Buffer, at: number, length: number): number {
  let next = at;
  let rest = length;
  for (; rest >= 255; rest -= 255) to[next++] = 255;
  to[next++] = rest;
  return next;
}
