/** What lz4 and snappy share: both replace bytes with the distance to their last occurrence, in blocks of at most 64 KiB. */

const HASH_BITS = 14;
/** Where the four bytes of a hash were last seen. A block is searched without interruption, so one table serves all blocks. */
const seen = new Uint16Array(1 << HASH_BITS);
/** After this many places in a row without a match (as a power of two), the search takes longer steps: there is little to find. */
const PATIENCE_BITS = 6;

/** Called for each match, in order: the bytes from `start` to `end` also occur `offset` bytes before. Matches do not overlap. */
export type OnMatch = (start: number, end: number, offset: number) => void;

/**
 * Finds bytes of a block that occurred in it before: runs of four and more, at the latest place in a hash table of one entry per slot.
 *
 * @param block of at most 64 KiB
 * @param lastStart no match begins after it
 * @param lastEnd no match ends after it; at least four bytes after `lastStart`
 */
export function findMatches(block: Buffer, lastStart: number, lastEnd: number, onMatch: OnMatch): void {
  seen.fill(0);
  let unmatched = 0;
  let misses = 0;
  for (let at = 0; at <= lastStart; ) {
    const word = wordAt(block, at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = seen[slot];
    seen[slot] = at;
    // An unused slot says 0, which may be right.
    if (candidate >= at || wordAt(block, candidate) !== word) {
      at += 1 + (misses++ >> PATIENCE_BITS);
      continue;
    }
    const offset = at - candidate;
    let start = at;
    while (start > unmatched && start > offset && block[start - 1] === block[start - 1 - offset]) start--;
    let end = at + 4;
    while (end < lastEnd && block[end] === block[end - offset]) end++;
    onMatch(start, end, offset);
    unmatched = end;
    at = end;
    misses = 0;
  }
}

const wordAt = (bytes: Buffer, at: number): number => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

/** Up to here a loop over bytes beats the call into the runtime's copy; most literals are shorter. */
const COPY_BY_HAND = 32;

/** Copies a block's bytes from `start` to `end`; returns the position after them. */
export function copyLiterals(block: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > COPY_BY_HAND) block.copy(to, at, start, end);
  else for (let from = start, next = at; from < end; from++, next++) to[next] = block[from];
  return at + end - start;
}
