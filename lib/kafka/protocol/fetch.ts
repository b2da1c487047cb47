import { REQUEST_TIMED_OUT } from '../error-codes.ts';
import { skip } from './compact.ts';
import type { Request } from './request.ts';
import { type Reader, Writer } from './wire.ts';

export type Isolation = 'read_committed' | 'read_uncommitted';

/** An aborted transaction that may have records in a fetched part. */
export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: number;
}

/** Where to read in a partition, and how much. */
interface FetchedPartition {
  topic: string;
  partition: number;
  /** Of the leader that is meant: a broker that leads in another epoch refuses (KIP-320). {@link NO_EPOCH} for any. */
  leaderEpoch: number;
  offset: number;
  /** The broker sends whole batches. */
  maxBytes: number;
}

interface FetchLimits {
  /** How long the broker may wait for `minBytes`, in milliseconds. */
  waitMs: number;
  minBytes: number;
  /** Of the whole answer; at least one batch is sent, whatever its size. */
  maxBytes: number;
  isolation: Isolation;
}

/** One partition, with the limit of the answer. */
export type FetchQuery = FetchLimits & FetchedPartition;

/** Partitions of one leader, served in this order; those of a topic are asked for together. */
export type FetchPartitionsQuery = FetchLimits & { partitions: readonly FetchedPartition[] };

export interface FetchAnswer {
  error: number;
  highWatermark: number;
  /** Where the oldest open transaction begins, or the high watermark. */
  lastStableOffset: number;
  logStartOffset: number;
  aborted: AbortedTransaction[];
  /** The answer's bytes; the partition's batches lie from `start` to `end`. */
  bytes: Buffer;
  start: number;
  end: number;
}

/** A {@link FetchAnswer} with its partition. */
export type FetchedBatches = FetchAnswer & { topic: string; partition: number };

/** Reads batches of one partition from an offset on. */
export const fetch = (query: FetchQuery): Request<FetchAnswer> => {
  const { decode, ...request } = fetchPartitions({ ...query, partitions: [query] });
  return { ...request, decode: (reader, version) => decode(reader, version)[0] };
};

/** Reads batches of several partitions, each from an offset on. Answers for every partition asked for, in the order of the query. */
export const fetchPartitions = (query: FetchPartitionsQuery): Request<FetchedBatches[]> => ({
  key: 1,
  name: 'Fetch',
  // From version 11 on, every replica answers, however far behind it is: a fetch by old metadata would find a shorter log.
  versions: { min: 10, max: 10 },
  waits: query.waitMs > 0,
  encode() {
    const writer = new Writer()
      .int32(-1)
      .int32(query.waitMs)
      .int32(query.minBytes)
      .int32(query.maxBytes)
      .int8(query.isolation === 'read_committed' ? 1 : 0)
      .int32(0) // no fetch session,
      .int32(-1); // as one request is all we send
    const byTopic = Map.groupBy(query.partitions, ({ topic }) => topic);
    writer.array([...byTopic], ([topic, partitions]) => {
      writer.string(topic).array(partitions, ({ partition, leaderEpoch, offset, maxBytes }) => {
        writer.int32(partition).int32(leaderEpoch).int64(offset).int64(-1).int32(maxBytes);
      });
    });
    return [writer.int32(0).done()];
  },
  decode(reader) {
    reader.int32();
    const error = reader.int16();
    reader.int32();
    const answers = error === 0 ? reader.array(() => readTopic(reader)).flat() : [];
    const byPartition = new Map(answers.map((answer) => [keyOf(answer), answer]));
    // A reader that has exceeded its quota gets an answer without partitions.
    return query.partitions.map((asked) => byPartition.get(keyOf(asked)) ?? nothing(asked, error || REQUEST_TIMED_OUT, reader.bytes));
  },
});

const keyOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic} ${partition}`;

const nothing = ({ topic, partition }: FetchedPartition, error: number, bytes: Buffer): FetchedBatches => {
  const empty = { highWatermark: -1, lastStableOffset: -1, logStartOffset: -1, aborted: [], start: 0, end: 0 };
  return { topic, partition, error, ...empty, bytes };
};

function readTopic(reader: Reader): FetchedBatches[] {
  const topic = reader.string();
  return reader.array(() => {
    const partition = reader.int32();
    const error = reader.int16();
    const highWatermark = reader.int64();
    const lastStableOffset = reader.int64();
    const logStartOffset = reader.int64();
    const aborted = reader.array(() => ({ producerId: reader.bigint64(), firstOffset: reader.int64() }));
    const start = skip(reader, Math.max(0, reader.int32()));
    const { bytes, at: end } = reader;
    return { topic, partition, error, highWatermark, lastStableOffset, logStartOffset, aborted, bytes, start, end };
  });
}
