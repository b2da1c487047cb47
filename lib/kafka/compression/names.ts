/** Names of the codecs, as Kafka's producers configure them, in the order of their numbers in a batch: none is 0. */
export const compressionNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionName = (typeof compressionNames)[number];

/** A codec that compresses. */
export type CodecName = Exclude<CompressionName, 'none'>;

/** Number of a codec in a batch's attributes. */
export const codecId = (name: CompressionName): number => compressionNames.indexOf(name);
