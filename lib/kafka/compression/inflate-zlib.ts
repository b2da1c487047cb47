import type { Transform } from 'node:stream';
import { InflatesTooFar } from './inflates-too-far.ts';

/** Most bytes of a piece: few enough to keep for the sake of its records, and enough for one turn of the thread pool. */
const MOST_BYTES = 128 * 1024;
const LEAST_BYTES = 4096;
/** Records mostly inflate to at least this many times their size, so a small batch takes one piece, and no more room than that. */
const USUAL_FACTOR = 8;

/** How large pieces should be for this many compressed bytes. */
export const pieceBytes = (packed: number): number => Math.min(MOST_BYTES, Math.max(LEAST_BYTES, packed * USUAL_FACTOR));

/**
 * Inflates with a stream of Node's zlib, piece by piece: what the caller does not read is not inflated.
 *
 * @returns how many bytes it inflated to
 * @throws {InflatesTooFar} past `maxBytes`; another error when the bytes are damaged
 */
export async function* inflateZlib(stream: Transform, bytes: Buffer, maxBytes: number): AsyncGenerator<Buffer, number> {
  let size = 0;
  stream.end(bytes);
  for await (const piece of stream) {
    size += piece.length;
    if (size > maxBytes) throw new InflatesTooFar(`more than ${maxBytes} bytes`);
    yield piece;
  }
  return size;
}
