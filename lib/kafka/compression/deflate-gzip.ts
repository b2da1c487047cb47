import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** Compresses with gzip by Node's own zlib, at its default level 6, as Java's producers do: our batches are then as large as theirs. */
export const deflateGzip: (bytes: Buffer) => Promise<Buffer> = promisify<Buffer, Buffer>(zlib.gzip);
