import type { Transform } from 'node:stream';
import { InflatesTooFar } from './inflates-too-far.ts';

/** Most bytes of a piece: few enough to be kept for the records in it, and enough for a turn of the thread pool. */
const MOST_BYTES = 128 * 1024;
const LEAST_BYTES = 4096;
/** What records mostly inflate to at the least, so that a small batch takes one piece, and no more room than that. */
const USUAL_FACTOR = 8;

/** How large pieces are to be, for so many compressed bytes. */
export const pieceBytes = (packed: number): number => Math.min(MOST_BYTES, Math.max(LEAST_BYTES, packed * USUAL_FACTOR));

/**
 * Inflates by a stream of Node's zlib, piece by piece: what nobody asks for is not inflated.
 *
 * @throws {InflatesTooFar} past `maxBytes`; another error when the bytes are damaged
 */
export async function* inflateZlib(stream: Transform, bytes: Buffer, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  stream.end(bytes);
  for await (const piece of stream) {
    size += piece.length;
    if (size > maxBytes) throw new InflatesTooFar(`more than ${maxBytes} bytes`);
    yield piece;
  }
}
