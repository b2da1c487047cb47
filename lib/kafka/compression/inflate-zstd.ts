import { createZstdDecompress } from 'node:zlib';
import { inflateZlib, pieceBytes } from './inflate-zlib.ts';

/**
 * Inflates Zstandard with Node's own zlib, piece by piece.
 *
 * @throws {InflatesTooFar} past `maxBytes`; another error when the bytes are damaged
 */
export const inflateZstd = (bytes: Buffer, maxBytes: number): AsyncGenerator<Buffer> =>
  inflateZlib(createZstdDecompress({ chunkSize: pieceBytes(bytes.length) }), bytes, maxBytes);
