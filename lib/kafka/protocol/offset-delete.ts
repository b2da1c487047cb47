import type { Request } from './request.ts';
import { type PartitionResult, readPartitionResults, type TopicPartitions, writeTopicPartitions } from './topic-partitions.ts';
import { Writer } from './wire.ts';

export interface OffsetDeleteAnswer {
  error: number;
  partitions: PartitionResult[];
}

/** Deletes offsets of a group, in topics that no live member subscribes to. */
export const offsetDelete = (group: string, topics: readonly TopicPartitions[]): Request<OffsetDeleteAnswer> => ({
  key: 47,
  name: 'OffsetDelete',
  versions: { min: 0, max: 0 },
  throttle: () => 2,
  encode: () => [writeTopicPartitions(new Writer().string(group), topics).done()],
  decode(reader) {
    const error = reader.int16();
    reader.int32();
    return { error, partitions: readPartitionResults(reader) };
  },
});
