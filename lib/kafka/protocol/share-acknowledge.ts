import { behindHeader, CompactWriter, readCompactNullableString } from './compact.ts';
import type { Request } from './request.ts';
import { readLeader, readShareAnswer } from './share-fetch.ts';
import { writeUuid } from './uuid.ts';

/** What happens to records, by Kafka's numbers: done; delivered to others; never delivered again; locked for another term. */
export const acknowledgeTypes = { accept: 1, release: 2, reject: 3, renew: 4 } as const;
export type AcknowledgeType = keyof typeof acknowledgeTypes;

/** Offsets of one partition, both ends included. */
export interface OffsetRange {
  topicId: string;
  partition: number;
  first: number;
  last: number;
}

export interface Acknowledgement {
  group: string;
  member: string;
  /** -1 closes the session, which releases everything else that it holds. */
  epoch: number;
  type: AcknowledgeType;
  /** Ranges of a partition must not overlap. */
  ranges: readonly OffsetRange[];
}

export interface AcknowledgeAnswer {
  error: number;
  lockMs: number;
  partitions: { topicId: string; partition: number; error: number }[];
}

/** Settles records that a session holds; without records, it only touches the session. Version 2 is the first that renews (Kafka 4.2). */
export const shareAcknowledge = ({ group, member, epoch, type, ranges }: Acknowledgement): Request<AcknowledgeAnswer> => ({
  key: 79,
  name: 'ShareAcknowledge',
  versions: { min: 2, max: 2 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags().compactString(group).compactString(member);
    writer.int32(epoch).boolean(type === 'renew');
    const writeRange = ({ first, last }: OffsetRange) => {
      writer.int64(first).int64(last);
      writer.compactArray([acknowledgeTypes[type]], (one) => writer.int8(one)).noTags();
    };
    const writePartition = ([partition, held]: [number, OffsetRange[]]) => {
      const inOrder = held.sort((a, b) => a.first - b.first);
      writer.int32(partition).compactArray(inOrder, writeRange).noTags();
    };
    writer.compactArray([...Map.groupBy(ranges, ({ topicId }) => topicId)], ([topicId, held]) => {
      const byPartition = [...Map.groupBy(held, ({ partition }) => partition)];
      writeUuid(writer, topicId).compactArray(byPartition, writePartition).noTags();
    });
    return [writer.noTags().done()];
  },
  decode: (reader) =>
    readShareAnswer(reader, (topicId) => {
      const result = { topicId, partition: reader.int32(), error: reader.int16() };
      readCompactNullableString(reader);
      readLeader(reader);
      return result;
    }),
});
