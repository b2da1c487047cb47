import { behindHeader, CompactWriter, readCompactString, readCompactStructures, skipTags } from './compact.ts';
import type { MemberAtEpoch } from './member-offset-commit.ts';
import { type OffsetFetchAnswer, readCompactOffsets } from './offset-fetch.ts';
import type { Request } from './request.ts';
import { type TopicPartitions, writeCompactTopicPartitions } from './topic-partitions.ts';

/**
 * Asks for offsets of a group as a member of it does: Kafka refuses it if the group (KIP-848) has no such member, or one of another epoch.
 */
export const memberOffsetFetch = (
  group: string,
  { memberId, epoch }: MemberAtEpoch,
  topics: readonly TopicPartitions[],
): Request<OffsetFetchAnswer> => ({
  key: 9,
  name: 'OffsetFetch',
  // The first version that says who asks; from 10 on, topics have ids instead of names.
  versions: { min: 9, max: 9 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags();
    writer.compactArray([group], (one) => {
      writer.compactString(one).compactString(memberId).int32(epoch);
      writeCompactTopicPartitions(writer, topics).noTags();
    });
    writer.boolean(true); // the offsets are required to be stable
    return [writer.noTags().done()];
  },
  decode(reader) {
    skipTags(reader);
    reader.int32();
    const [answer] = readCompactStructures(reader, () => {
      readCompactString(reader);
      return readCompactOffsets(reader);
    });
    skipTags(reader);
    return answer;
  },
});
