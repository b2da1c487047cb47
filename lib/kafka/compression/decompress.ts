import { codecUnknown, compressionDamaged, inflatesTooFar } from '../../messages/read.ts';
import { InflatesTooFar } from './inflates-too-far.ts';
import { type CodecName, compressionNames } from './names.ts';

/** Inflates in pieces. Throws `InflatesTooFar` past `maxBytes`, and another error when the bytes are damaged. */
type Inflate = (bytes: Buffer, maxBytes: number) => Iterable<Buffer> | AsyncIterable<Buffer>;

/** Loaded on first use: a topic without compression loads none of them. */
const codecs: Record<CodecName, () => Promise<Inflate>> = {
  gzip: async () => (await import('./inflate-gzip.ts')).inflateGzip,
  snappy: async () => (await import('./inflate-snappy.ts')).inflateSnappy,
  lz4: async () => (await import('./inflate-lz4.ts')).inflateLz4,
  zstd: async () => (await import('./inflate-zstd.ts')).inflateZstd,
};

/** What a batch may inflate to: far more than brokers accept as a batch, far less than the memory of a small function. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/**
 * Inflates the content of a batch, by the codec's number, piece by piece: what the caller does not read is not inflated.
 *
 * @throws {GatewayError} TooLarge when it inflates to more than 64 MiB; KafkaRefused when it is damaged or the codec is unknown
 */
export async function* decompress(id: number, bytes: Buffer, maxBytes: number = MAX_INFLATED_BYTES): AsyncGenerator<Buffer> {
  const name = compressionNames[id];
  if (name === undefined || name === 'none') throw codecUnknown(id);
  const inflate = await codecs[name]();
  try {
    yield* inflate(bytes, maxBytes);
  } catch (cause) {
    if (cause instanceof InflatesTooFar) throw inflatesTooFar.with({ cause }, maxBytes);
    throw compressionDamaged.with({ cause }, name);
  }
}
