import { REQUEST_TIMED_OUT } from '../errors.ts';
import type { Request } from './request.ts';
import { Writer } from './wire.ts';

export type Isolation = 'read_committed' | 'read_uncommitted';

/** An aborted transaction that a fetched part may hold records of. */
export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: number;
}

export interface FetchQuery {
  topic: string;
  partition: number;
  offset: number;
  /** How long the broker may wait for `minBytes`, in milliseconds. */
  waitMs: number;
  minBytes: number;
  /** The broker sends whole batches, and at least one whatever its size. */
  maxBytes: number;
  isolation: Isolation;
}

export interface FetchAnswer {
  error: number;
  highWatermark: number;
  logStartOffset: number;
  aborted: AbortedTransaction[];
  /** The answer's bytes; the partition's batches lie from `start` to `end`. */
  bytes: Buffer;
  start: number;
  end: number;
}

/** Reads batches of one partition from an offset on. */
export const fetch = (query: FetchQuery): Request<FetchAnswer> => ({
  key: 1,
  name: 'Fetch',
  versions: { min: 11, max: 11 },
  waits: query.waitMs > 0,
  encode: () => [
    new Writer()
      .int32(-1)
      .int32(query.waitMs)
      .int32(query.minBytes)
      .int32(query.maxBytes)
      .int8(query.isolation === 'read_committed' ? 1 : 0)
      .int32(0) // no fetch session,
      .int32(-1) // as one request is all we send
      .int32(1)
      .string(query.topic)
      .int32(1)
      .int32(query.partition)
      .int32(-1)
      .int64(BigInt(query.offset))
      .int64(-1n)
      .int32(query.maxBytes)
      .int32(0)
      .string('')
      .done(),
  ],
  decode(reader) {
    const nothing = { highWatermark: -1, logStartOffset: -1, aborted: [], bytes: reader.bytes, start: 0, end: 0 };
    reader.int32();
    const error = reader.int16();
    reader.int32();
    if (error !== 0) return { error, ...nothing };
    // A reader beyond its quota gets an answer without any partition.
    if (reader.int32() === 0) return { error: REQUEST_TIMED_OUT, ...nothing };
    reader.string();
    reader.int32();
    reader.int32();
    const partitionError = reader.int16();
    const highWatermark = reader.int64();
    reader.int64();
    const logStartOffset = reader.int64();
    const aborted = reader.array(() => ({ producerId: reader.bigint64(), firstOffset: reader.int64() }));
    reader.int32();
    const size = Math.max(0, reader.int32());
    return { error: partitionError, highWatermark, logStartOffset, aborted, bytes: reader.bytes, start: reader.at, end: reader.at + size };
  },
});
