import { createGunzip } from 'node:zlib';
import { inflateZlib, pieceBytes } from './inflate-zlib.ts';

/**
 * Inflates gzip with Node's own zlib, piece by piece.
 *
 * @throws {InflatesTooFar} past `maxBytes`; another error when the bytes are damaged
 */
export const inflateGzip = (bytes: Buffer, maxBytes: number): AsyncGenerator<Buffer> =>
  inflateZlib(createGunzip({ chunkSize: pieceBytes(bytes.length) }), bytes, maxBytes);
