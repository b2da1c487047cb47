import { codecUnknown, compressionDamaged, inflatesTooFar } from '../../messages/read.ts';
import { type Codec, InflatesTooFar } from './codec.ts';

/** Names of the codecs, as Kafka's producers configure them, in the order of their numbers in a batch: none is 0. */
export const compressionNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionName = (typeof compressionNames)[number];

/** Number of a codec in a batch's attributes. */
export const codecId = (name: CompressionName): number => compressionNames.indexOf(name);

/** Loaded on first use: a request without compression pays for none of them. */
const codecs: Record<Exclude<CompressionName, 'none'>, () => Promise<Codec>> = {
  gzip: async () => (await import('./gzip.ts')).gzip,
  snappy: async () => (await import('./snappy.ts')).snappy,
  lz4: async () => (await import('./lz4.ts')).lz4,
  zstd: async () => (await import('./zstd.ts')).zstd,
};

/** What a batch may inflate to. Far above what brokers accept as a batch, far below what a small function has for memory. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/** Compresses with one of Kafka's codecs. */
export async function compress(name: Exclude<CompressionName, 'none'>, bytes: Buffer): Promise<Buffer> {
  const codec = await codecs[name]();
  return codec.compress(bytes);
}

/**
 * Inflates what a batch holds, by the codec's number.
 *
 * @throws {GatewayError} TooLarge when it inflates to more than 64 MiB; KafkaRefused when it is damaged or the codec is unknown
 */
export async function decompress(id: number, bytes: Buffer, maxBytes: number = MAX_INFLATED_BYTES): Promise<Buffer> {
  const name = compressionNames[id];
  if (name === undefined || name === 'none') throw codecUnknown(id);
  const codec = await codecs[name]();
  try {
    return await codec.decompress(bytes, maxBytes);
  } catch (cause) {
    if (cause instanceof InflatesTooFar) throw inflatesTooFar.with({ cause }, maxBytes);
    throw compressionDamaged.with({ cause }, name);
  }
}
