import { createZstdDecompress } from 'node:zlib';
import { inflateZlib, pieceBytes } from './inflate-zlib.ts';

/** Each frame takes a stream of its own, and may be empty: without a bound, a batch of them would take seconds. */
const MOST_FRAMES = 1000;

/**
 * Inflates Zstandard with Node's own zlib, piece by piece. Node's stream ends with the first frame, but others may follow, some of which
 * hold no content (RFC 8878, section 3.1).
 *
 * @throws {InflatesTooFar} past `maxBytes`; another error when the bytes are damaged
 */
export async function* inflateZstd(bytes: Buffer, maxBytes: number): AsyncGenerator<Buffer> {
  let at = 0;
  let left = maxBytes;
  let frames = 0;
  do {
    if (++frames > MOST_FRAMES) throw new RangeError(`more than ${MOST_FRAMES} zstd frames`);
    const rest = bytes.subarray(at);
    const stream = createZstdDecompress({ chunkSize: pieceBytes(rest.length) });
    left -= yield* inflateZlib(stream, rest, left);
    at += stream.bytesWritten;
  } while (at < bytes.length);
}
