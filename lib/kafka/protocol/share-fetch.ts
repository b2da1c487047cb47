import { behindHeader, CompactWriter, readCompactNullableString, readCompactStructures, readUvarint, skip, skipTags } from './compact.ts';
import type { IdentifiedPartitions } from './identified-partitions.ts';
import type { Request } from './request.ts';
import { readUuid, writeUuid } from './uuid.ts';
import type { Reader } from './wire.ts';

/** A fetch for a share group, in a session of one member with one broker. */
export interface ShareFetchQuery {
  group: string;
  /** Chosen by the caller; it need not have joined the group. */
  member: string;
  /** 0 opens a session; each further request in it has the next epoch. */
  epoch: number;
  waitMs: number;
  maxBytes: number;
  /** The most that is acquired. */
  maxRecords: number;
  /** Those that are added to the session. The broker serves them in this order. */
  topics: readonly IdentifiedPartitions[];
}

/** Offsets that the session holds now, both ends included. */
export interface AcquiredRange {
  first: number;
  last: number;
  /** How often they were delivered, this time included. */
  deliveries: number;
}

export interface AcquiredPartition {
  topicId: string;
  partition: number;
  error: number;
  /** The answer's bytes; the partition's batches lie from `start` to `end`, and may hold more than was acquired. */
  bytes: Buffer;
  start: number;
  end: number;
  acquired: AcquiredRange[];
}

export interface ShareFetchAnswer {
  error: number;
  /** How long the acquired records are locked, in milliseconds. */
  lockMs: number;
  partitions: AcquiredPartition[];
}

/** Without it, the whole of a batch is acquired, however few records are asked for (KIP-1206). */
const STRICT = 1;

/** Acquires records for a share group. Version 2 is the first that can limit the number of records (Kafka 4.2). */
export const shareFetch = ({ group, member, epoch, waitMs, maxBytes, maxRecords, topics }: ShareFetchQuery): Request<ShareFetchAnswer> => ({
  key: 78,
  name: 'ShareFetch',
  versions: { min: 2, max: 2 },
  waits: waitMs > 0,
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags().compactString(group).compactString(member);
    writer.int32(epoch).int32(waitMs).int32(1).int32(maxBytes).int32(maxRecords).int32(maxRecords).int8(STRICT);
    writer.boolean(false); // no renewal,
    writer.compactArray(topics, ({ topicId, partitions }) => {
      writeUuid(writer, topicId);
      // With nothing to acknowledge,
      writer.compactArray(partitions, (partition) => writer.int32(partition).noItems().noTags()).noTags();
    });
    writer.noItems(); // and nothing to forget
    return [writer.noTags().done()];
  },
  decode: (reader) => readShareAnswer(reader, (topicId) => readPartition(reader, topicId)),
});

function readPartition(reader: Reader, topicId: string): AcquiredPartition {
  const partition = reader.int32();
  const error = reader.int16();
  readCompactNullableString(reader);
  reader.int16();
  readCompactNullableString(reader);
  readLeader(reader);
  const size = Math.max(0, readUvarint(reader) - 1);
  const start = skip(reader, size);
  const acquired = readCompactStructures(reader, () => ({
    first: reader.int64(),
    last: reader.int64(),
    deliveries: reader.int16(),
  }));
  return { topicId, partition, error, bytes: reader.bytes, start, end: start + size, acquired };
}

/** The beginning of answers about the records of a session, and their partitions. */
export function readShareAnswer<Partition>(
  reader: Reader,
  read: (topicId: string) => Partition,
): { error: number; lockMs: number; partitions: Partition[] } {
  skipTags(reader);
  reader.int32();
  const error = reader.int16();
  readCompactNullableString(reader);
  const lockMs = reader.int32();
  const partitions = readCompactStructures(reader, () => {
    const topicId = readUuid(reader);
    return readCompactStructures(reader, () => read(topicId));
  });
  return { error, lockMs, partitions: partitions.flat() };
}

/** Skips the present leader of a partition. */
export function readLeader(reader: Reader): void {
  reader.int32();
  reader.int32();
  skipTags(reader);
}
