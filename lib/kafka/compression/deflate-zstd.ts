import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** Compresses with Zstandard by Node's own zlib (Node 22.15 and newer), at its default level 3, as Java's producers do. */
export const deflateZstd: (bytes: Buffer) => Promise<Buffer> = promisify<Buffer, Buffer>(zlib.zstdCompress);
