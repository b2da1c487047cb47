import type { Time } from '../record.ts';
import type { Isolation } from './fetch.ts';
import type { Request } from './request.ts';
import { readPartitions } from './topic-partitions.ts';
import { Writer } from './wire.ts';

/** Timestamps with a meaning of their own in ListOffsets. */
export const LATEST = -1;
export const EARLIEST = -2;

export interface OffsetAnswer {
  error: number;
  topic: string;
  partition: number;
  /** Of the record found; -1 if there is none, and for {@link LATEST} and {@link EARLIEST}. */
  timestamp: Time;
  /** -1 if no record is that late. */
  offset: number;
}

/** Tells the epoch of a partition's leader: a broker that leads in another epoch refuses (KIP-320). */
export interface LeaderEpochs {
  /** {@link NO_EPOCH} if it is unknown. */
  leaderEpochOf(topic: string, partition: number): number;
}

/** Which offset of which partition is wanted. */
export interface OffsetQuery {
  readonly topic: string;
  readonly partition: number;
  /** Unix milliseconds, {@link LATEST} or {@link EARLIEST}. */
  readonly timestamp: Time;
}

/** Asks a leader for the first offset at or after `timestamp` in each of its partitions. */
export const listOffsets = (
  topic: string,
  partitions: readonly number[],
  timestamp: Time,
  isolation: Isolation,
  epochs: LeaderEpochs,
): Request<OffsetAnswer[]> =>
  listOffsetsOf(
    partitions.map((partition) => ({ topic, partition, timestamp })),
    isolation,
    epochs,
  );

/** The same for partitions of several topics, each with a time of its own. A partition must not occur twice. */
export const listOffsetsOf = (queries: readonly OffsetQuery[], isolation: Isolation, epochs: LeaderEpochs): Request<OffsetAnswer[]> => ({
  key: 2,
  name: 'ListOffsets',
  versions: { min: 2, max: 4 },
  encode(version) {
    const writer = new Writer().int32(-1).int8(isolation === 'read_committed' ? 1 : 0);
    writer.array([...Map.groupBy(queries, ({ topic }) => topic)], ([topic, partitions]) =>
      writer.string(topic).array(partitions, ({ partition, timestamp }) => {
        writer.int32(partition);
        if (version >= 4) writer.int32(epochs.leaderEpochOf(topic, partition));
        writer.int64(timestamp);
      }),
    );
    return [writer.done()];
  },
  decode(reader, version) {
    reader.int32();
    return readPartitions(reader, () => {
      const answer = { partition: reader.int32(), error: reader.int16(), timestamp: reader.time(), offset: reader.int64() };
      if (version >= 4) reader.int32();
      return answer;
    });
  },
});
