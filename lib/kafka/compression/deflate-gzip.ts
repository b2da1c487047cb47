import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** Compresses: gzip by Node's own zlib, at its default level 6: that of Java's producers, whose batches are as large as ours then. */
export const deflateGzip: (bytes: Buffer) => Promise<Buffer> = promisify<Buffer, Buffer>(zlib.gzip);
