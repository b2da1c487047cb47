import { behindHeader, compactArray, compactString, NO_TAGS, readCompactNullableString } from './compact.ts';
import type { Request } from './request.ts';
import { readLeader, readShareAnswer } from './share-fetch.ts';
import { writeUuid } from './uuid.ts';
import { Writer } from './wire.ts';

/** What becomes of records, by Kafka's numbers: done; given to others; never given again; held for another lock. */
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
  /** -1 closes the session, which releases all that it holds besides. */
  epoch: number;
  type: AcknowledgeType;
  /** Those of a partition do not overlap. */
  ranges: readonly OffsetRange[];
}

export interface AcknowledgeAnswer {
  error: number;
  lockMs: number;
  partitions: { topicId: string; partition: number; error: number }[];
}

/** Says what becomes of records that a session holds; without any, it touches the session. Version 2 is the first that renews (Kafka 4.2). */
export const shareAcknowledge = ({ group, member, epoch, type, ranges }: Acknowledgement): Request<AcknowledgeAnswer> => ({
  key: 79,
  name: 'ShareAcknowledge',
  versions: { min: 2, max: 2 },
  throttle: behindHeader,
  encode() {
    const types = compactArray([new Writer().int8(acknowledgeTypes[type]).done()]);
    const writeRange = ({ first, last }: OffsetRange) =>
      Buffer.concat([new Writer().int64(BigInt(first)).int64(BigInt(last)).done(), types, NO_TAGS]);
    const writePartition = ([partition, held]: [number, OffsetRange[]]) => {
      const inOrder = held.sort((a, b) => a.first - b.first);
      return Buffer.concat([new Writer().int32(partition).done(), compactArray(inOrder.map(writeRange)), NO_TAGS]);
    };
    const topics = [...Map.groupBy(ranges, ({ topicId }) => topicId)].map(([topicId, held]) =>
      Buffer.concat([writeUuid(topicId), compactArray([...Map.groupBy(held, ({ partition }) => partition)].map(writePartition)), NO_TAGS]),
    );
    const numbers = new Writer()
      .int32(epoch)
      .boolean(type === 'renew')
      .done();
    return [NO_TAGS, compactString(group), compactString(member), numbers, compactArray(topics), NO_TAGS];
  },
  decode: (reader) =>
    readShareAnswer(reader, (topicId) => {
      const result = { topicId, partition: reader.int32(), error: reader.int16() };
      readCompactNullableString(reader);
      readLeader(reader);
      return result;
    }),
});
