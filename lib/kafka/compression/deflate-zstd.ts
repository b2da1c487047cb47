import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** Compresses: Zstandard by Node's own zlib (Node 22.15 and newer), at its default level 3: that of Java's producers. */
export const deflateZstd: (bytes: Buffer) => Promise<Buffer> = promisify<Buffer, Buffer>(zlib.zstdCompress);
