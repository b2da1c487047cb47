import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { Codec } from './codec.ts';
import { inflationError } from './zlib-limit.ts';

const deflate = promisify<Buffer, Buffer>(zlib.gzip);
const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);

/** gzip, by Node's own zlib, at its default level 6: that of Java's producers, whose batches are as large as ours then. */
export const gzip: Codec = {
  compress: (bytes) => deflate(bytes),
  async decompress(bytes, maxOutputLength) {
    try {
      return await inflate(bytes, { maxOutputLength });
    } catch (error) {
      throw inflationError(error);
    }
  },
};
