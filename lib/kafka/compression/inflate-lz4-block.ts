const MIN_MATCH = 4;

/**
 * Inflates one independent block of LZ4.
 *
 * @param maxBytes the most that a block of the frame may hold
 * @throws {RangeError} when the block is damaged
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function inflateLz4Block(block: Buffer, maxBytes: number): Buffer {
  const out = Buffer.allocUnsafe(Math.min(maxBytes, block.length * 255));
  let to = 0;
  for (let at = 0; at < block.length; ) {
    const token = block[at++];
    let literals = token >> 4;
    if (literals === 15) {
      const long = readLength(block, at);
      literals += long.length;
      at = long.at;
    }
    if (at + literals > block.length || to + literals > out.length) throw damaged();
    block.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    // The last sequence has literals only.
    if (at === block.length) return out.subarray(0, to);

    const offset = block[at] | (block[at + 1] << 8);
    at += 2;
    let match = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      const long = readLength(block, at);
      match += long.length;
      at = long.at;
    }
    if (at > block.length || offset === 0 || offset > to || to + match > out.length) throw damaged();
    // A match may reach into what it writes.
    for (const end = to + match; to < end; to++) out[to] = out[to - offset];
  }
  throw damaged();
}

function readLength(block: Buffer, start: number): { length: number; at: number } {
  let at = start;
  let length = 0;
  for (;;) {
    if (at >= block.length) throw damaged();
    const byte = block[at++];
    length += byte;
    if (byte !== 255) return { length, at };
  }
}

const damaged = (): RangeError => new RangeError('an lz4 block is damaged');
