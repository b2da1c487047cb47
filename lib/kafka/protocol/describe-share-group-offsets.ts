import { behindHeader, CompactWriter, readCompactNullableString, readCompactString, readCompactStructures, skipTags } from './compact.ts';
import type { Request } from './request.ts';
import { type TopicPartitions, writeCompactTopicPartitions } from './topic-partitions.ts';
import { readUuid } from './uuid.ts';
import type { Reader } from './wire.ts';

export interface ShareGroupOffset {
  topic: string;
  topicId: string;
  partition: number;
  /** Everything before it is settled; -1 if the partition has never delivered anything. */
  startOffset: number;
  /** How many records are not settled; -1 if unknown. */
  lag: number;
  error: number;
}

export interface ShareGroupOffsets {
  error: number;
  offsets: ShareGroupOffset[];
}

/** Asks the coordinator of a share group how far it has consumed the named partitions, or all that it has (null). */
export const describeShareGroupOffsets = (group: string, topics: readonly TopicPartitions[] | null): Request<ShareGroupOffsets> => ({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags();
    writer.compactArray([group], (one) => {
      writer.compactString(one);
      writeCompactTopicPartitions(writer, topics).noTags();
    });
    return [writer.noTags().done()];
  },
  decode(reader) {
    skipTags(reader);
    reader.int32();
    const [answer] = readCompactStructures(reader, () => {
      readCompactString(reader);
      const offsets = readCompactStructures(reader, () => readTopic(reader)).flat();
      const error = reader.int16();
      readCompactNullableString(reader);
      return { error, offsets };
    });
    return answer ?? { error: -1, offsets: [] };
  },
});

function readTopic(reader: Reader): ShareGroupOffset[] {
  const topic = readCompactString(reader);
  const topicId = readUuid(reader);
  return readCompactStructures(reader, () => {
    const partition = reader.int32();
    const startOffset = reader.int64();
    reader.int32();
    const lag = reader.int64();
    const error = reader.int16();
    readCompactNullableString(reader);
    return { topic, topicId, partition, startOffset, lag, error };
  });
}
