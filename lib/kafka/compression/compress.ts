import { type CodecName, type CompressionName, codecId } from './names.ts';

/** Loaded on first use: a request without compression loads none of them. */
const codecs: Record<CodecName, () => Promise<(bytes: Buffer) => Buffer | Promise<Buffer>>> = {
  gzip: async () => (await import('./deflate-gzip.ts')).deflateGzip,
  snappy: async () => (await import('./deflate-snappy.ts')).deflateSnappy,
  lz4: async () => (await import('./deflate-lz4.ts')).deflateLz4,
  zstd: async () => (await import('./deflate-zstd.ts')).deflateZstd,
};

/** Compresses with one of Kafka's codecs. */
export async function compress(name: CodecName, bytes: Buffer): Promise<Buffer> {
  const deflate = await codecs[name]();
  return deflate(bytes);
}

/** One of Kafka's codecs. Callers that compress pass it in, so that functions that never compress do not contain its code. */
export interface Compression {
  /** Its number in a batch's attributes. */
  id: number;
  compress(bytes: Buffer): Promise<Buffer>;
}

/** The codec of a name; null for none. */
export const compressionOf = (name: CompressionName): Compression | null =>
  name === 'none' ? null : { id: codecId(name), compress: (bytes) => compress(name, bytes) };
