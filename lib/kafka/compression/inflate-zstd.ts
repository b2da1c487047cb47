import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { inflationError } from './zlib-limit.ts';

const inflate = promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

/**
 * Inflates Zstandard by Node's own zlib.
 *
 * @throws {InflatesTooFar} past `maxOutputLength`; another error when the bytes are damaged
 */
export async function inflateZstd(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength });
  } catch (error) {
    throw inflationError(error);
  }
}
