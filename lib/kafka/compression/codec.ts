/** One of Kafka's compression codecs. */
export interface Codec {
  compress(bytes: Buffer): Promise<Buffer>;
  /** @throws {InflatesTooFar} past `maxBytes`; another error when the bytes are damaged */
  decompress(bytes: Buffer, maxBytes: number): Promise<Buffer>;
}

/** Thrown by a codec when the bytes inflate to more than it may return. */
export class InflatesTooFar extends Error {
  override readonly name = 'InflatesTooFar';
}
