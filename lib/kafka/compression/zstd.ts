import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { Codec } from './codec.ts';
import { inflationError } from './zlib-limit.ts';

const deflate = promisify<Buffer, Buffer>(zlib.zstdCompress);
const inflate = promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

/** Zstandard, by Node's own zlib (Node 22.15 and newer), at its default level 3: that of Java's producers. */
export const zstd: Codec = {
  compress: (bytes) => deflate(bytes),
  async decompress(bytes, maxOutputLength) {
    try {
      return await inflate(bytes, { maxOutputLength });
    } catch (error) {
      throw inflationError(error);
    }
  },
};
