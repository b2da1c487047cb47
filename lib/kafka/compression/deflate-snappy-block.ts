import { copyLiterals, findMatches } from './matches.ts';

const LITERAL = 0;
const COPY_1 = 1;
const COPY_2 = 2;
/** Literals up to this long have their length in the tag; longer ones in one or two bytes after it. */
const SHORT_LITERAL = 60;

/** Room that a block needs at worst, if nothing in it matches. */
export const snappyBound = (size: number): number => size + Math.ceil(size / 6) + 32;

/**
 * Compresses one block of snappy.
 *
 * @param block of at most 64 KiB
 * @param to gets the compressed block; must be as large as `snappyBound` says
 * @returns the number of bytes of the compressed block
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function deflateSnappyBlock(block: Buffer, to: Buffer): number {
  let written = writeSize(to, block.length);
  let literals = 0;
  findMatches(block, block.length - 4, block.length, (start, end, offset) => {
    written = writeLiterals(block, literals, start, to, written);
    written = writeCopies(to, written, offset, end - start);
    literals = end;
  });
  return writeLiterals(block, literals, block.length, to, written);
}

/** The inflated size: seven bits in each byte, the lowest first. */
function writeSize(to: Buffer, size: number): number {
  let at = 0;
  let rest = size;
  for (; rest > 127; rest >>= 7) to[at++] = (rest & 127) | 128;
  to[at++] = rest;
  return at;
}

function writeLiterals(block: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (start === end) return at;
  const length = end - start - 1;
  let next = at;
  if (length < SHORT_LITERAL) to[next++] = (length << 2) | LITERAL;
  else {
    to[next++] = ((length < 256 ? SHORT_LITERAL : SHORT_LITERAL + 1) << 2) | LITERAL;
    to[next++] = length & 255;
    if (length >= 256) to[next++] = length >> 8;
  }
  return copyLiterals(block, start, end, to, next);
}

/** A copy has at most 64 bytes. Never leaves less than the four bytes that the short form needs. */
function writeCopies(to: Buffer, at: number, offset: number, length: number): number {
  let next = at;
  let rest = length;
  while (rest >= 68) {
    next = writeCopy(to, next, offset, 64);
    rest -= 64;
  }
  if (rest > 64) {
    next = writeCopy(to, next, offset, 60);
    rest -= 60;
  }
  return writeCopy(to, next, offset, rest);
}

function writeCopy(to: Buffer, at: number, offset: number, length: number): number {
  if (length < 12 && offset < 2048) {
    to[at] = ((offset >> 8) << 5) | ((length - 4) << 2) | COPY_1;
    to[at + 1] = offset & 255;
    return at + 2;
  }
  to[at] = ((length - 1) << 2) | COPY_2;
  to[at + 1] = offset & 255;
  to[at + 2] = offset >> 8;
  return at + 3;
}
