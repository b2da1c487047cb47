import { behindHeader, CompactWriter, readCompactString, readCompactStructures, skipTags } from './compact.ts';
import type { Request } from './request.ts';
import { readPartitions, type TopicPartitions, writeCompactTopicPartitions, writeTopicPartitions } from './topic-partitions.ts';
import { type Reader, Writer } from './wire.ts';

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

/** The first version that can ask for stable offsets, and the last non-flexible one. Kafka 2.4 has that between them. */
const STABLE_VERSION = 7;
const OLD_VERSION = 5;

/**
 * Asks the coordinator of a group for its offsets: in the named partitions, or in all that it has (null).
 *
 * @param requireStable whether the coordinator refuses partitions with offsets of a pending transaction (UNSTABLE_OFFSET_COMMIT), and
 *   answers with all that it has written. Otherwise Kafka 4 answers with what it knows to be replicated: a coordinator that has just taken
 *   the group over may leave out what the one before has confirmed
 */
export const offsetFetch = (
  group: string,
  topics: readonly TopicPartitions[] | null,
  requireStable: boolean,
): Request<OffsetFetchAnswer> => ({
  key: 9,
  name: 'OffsetFetch',
  versions: { min: OLD_VERSION, max: STABLE_VERSION },
  throttle: (answer, version) => (version === OLD_VERSION ? 0 : behindHeader(answer)),
  encode(version) {
    if (version === OLD_VERSION) return [writeTopicPartitions(new Writer().string(group), topics).done()];
    const writer = new CompactWriter().noTags();
    writeCompactTopicPartitions(writer.compactString(group), topics);
    if (version >= STABLE_VERSION) writer.boolean(requireStable);
    return [writer.noTags().done()];
  },
  decode: (reader, version) => (version === OLD_VERSION ? readOld(reader) : readCompact(reader)),
});

function readOld(reader: Reader): OffsetFetchAnswer {
  reader.int32();
  const offsets = readPartitions(reader, () => ({
    partition: reader.int32(),
    offset: reader.int64(),
    leaderEpoch: reader.int32(),
    metadata: reader.string(),
    error: reader.int16(),
  }));
  return { error: reader.int16(), offsets };
}

function readCompact(reader: Reader): OffsetFetchAnswer {
  skipTags(reader);
  reader.int32();
  const answer = readCompactOffsets(reader);
  skipTags(reader);
  return answer;
}

/** The content of an answer in the compact encoding: what is in each partition, and an error of all. */
export function readCompactOffsets(reader: Reader): OffsetFetchAnswer {
  const offsets = readCompactStructures(reader, () => {
    const topic = readCompactString(reader);
    return readCompactStructures(reader, () => ({
      topic,
      partition: reader.int32(),
      offset: reader.int64(),
      leaderEpoch: reader.int32(),
      metadata: readCompactString(reader),
      error: reader.int16(),
    }));
  });
  return { error: reader.int16(), offsets: offsets.flat() };
}
