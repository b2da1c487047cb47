import { promisify } from 'node:util';
import type { ContentEncoding } from './content-encoding.ts';

/** For large outputs: zlib's default chunk is 16 KiB. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Compresses a body at the lowest level: higher levels take three to ten times as long and save a tenth of the bytes.
 * docs/reference/compression.md has the figures.
 */
export async function compress(bytes: Buffer, encoding: ContentEncoding): Promise<Buffer> {
  // Loaded on demand: most responses are small.
  const { brotliCompress, constants, gzip } = await import('node:zlib');
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: 1, chunkSize: CHUNK_BYTES });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return promisify(brotliCompress)(bytes, { params, chunkSize: CHUNK_BYTES });
}
