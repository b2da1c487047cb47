import type { Request } from './request.ts';
import { readPartitions, type TopicPartitions, writeTopicPartitions } from './topic-partitions.ts';
import { Writer } from './wire.ts';

export interface FetchedOffset {
  topic: string;
  partition: number;
  /** The next offset to be read; -1 if none is committed. */
  offset: number;
  leaderEpoch: number;
  metadata: string;
  error: number;
}

export interface OffsetFetchAnswer {
  error: number;
  offsets: FetchedOffset[];
}

/** Asks the coordinator of a group for its offsets: in the named partitions, or in all that it has (null). */
export const offsetFetch = (group: string, topics: readonly TopicPartitions[] | null): Request<OffsetFetchAnswer> => ({
  key: 9,
  name: 'OffsetFetch',
  versions: { min: 5, max: 5 },
  encode: () => [writeTopicPartitions(new Writer().string(group), topics).done()],
  decode(reader) {
    reader.int32();
    const offsets = readPartitions(reader, () => ({
      partition: reader.int32(),
      offset: reader.int64(),
      leaderEpoch: reader.int32(),
      metadata: reader.string(),
      error: reader.int16(),
    }));
    return { error: reader.int16(), offsets };
  },
});
