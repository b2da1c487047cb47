import { behindHeader, CompactWriter, readCompactString, readCompactStructures, skipTags } from './compact.ts';
import type { OffsetToCommit } from './offset-commit.ts';
import type { Request } from './request.ts';
import type { PartitionResult } from './topic-partitions.ts';

const NO_LEADER_EPOCH = -1;

/** A member of a group of the consumer protocol (KIP-848) by its id and epoch: Kafka refuses an older epoch, which is what fences it. */
export interface MemberAtEpoch {
  readonly memberId: string;
  readonly epoch: number;
}

/**
 * Commits offsets as a member does. The coordinator does not check that the partitions are the member's. An offset of -1 stands for none;
 * metadata may be kept beside it.
 */
export const memberOffsetCommit = (
  group: string,
  { memberId, epoch }: MemberAtEpoch,
  offsets: readonly OffsetToCommit[],
): Request<PartitionResult[]> => ({
  key: 8,
  name: 'OffsetCommit',
  // The first version that a group of this protocol accepts from its members; from 10 on, topics have ids instead of names.
  versions: { min: 9, max: 9 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags().compactString(group).int32(epoch).compactString(memberId);
    writer.compactString(null); // no instance id
    writer.compactArray([...Map.groupBy(offsets, ({ topic }) => topic)], ([topic, partitions]) => {
      writer.compactString(topic);
      writer.compactArray(partitions, ({ partition, offset, metadata = null }) => {
        writer.int32(partition).int64(offset).int32(NO_LEADER_EPOCH).compactString(metadata).noTags();
      });
      writer.noTags();
    });
    return [writer.noTags().done()];
  },
  decode(reader) {
    skipTags(reader);
    reader.int32();
    const results = readCompactStructures(reader, () => {
      const topic = readCompactString(reader);
      return readCompactStructures(reader, () => ({ topic, partition: reader.int32(), error: reader.int16() }));
    });
    skipTags(reader);
    return results.flat();
  },
});
