import type { Request } from './request.ts';
import { type PartitionResult, readPartitionResults } from './topic-partitions.ts';
import { Writer } from './wire.ts';

/** An offset to commit. */
export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to be read. */
  readonly offset: number;
  /** Any text, of at most 4096 bytes by the brokers' default; none when absent. */
  readonly metadata?: string | null;
}

const NO_GENERATION = -1;
const NO_MEMBER = '';
const NO_LEADER_EPOCH = -1;

/** Commits offsets of a group by a client that is not a member. Kafka accepts this only while the group has no members. */
export const offsetCommit = (group: string, offsets: readonly OffsetToCommit[]): Request<PartitionResult[]> => ({
  key: 8,
  name: 'OffsetCommit',
  versions: { min: 7, max: 7 },
  encode() {
    const writer = new Writer().string(group).int32(NO_GENERATION).string(NO_MEMBER).string(null);
    const topics = Map.groupBy(offsets, ({ topic }) => topic);
    writer.array([...topics], ([name, partitions]) => {
      writer.string(name).array(partitions, ({ partition, offset, metadata = null }) => {
        writer.int32(partition).int64(offset).int32(NO_LEADER_EPOCH).string(metadata);
      });
    });
    return [writer.done()];
  },
  decode(reader) {
    reader.int32();
    return readPartitionResults(reader);
  },
});
