import {
  behindHeader,
  CompactWriter,
  readCompactArray,
  readCompactNullableString,
  readCompactString,
  readCompactStructures,
  skipTags,
} from './compact.ts';
import type { Metadata, PartitionMetadata, TopicMetadata } from './metadata.ts';
import type { Request } from './request.ts';
import { readUuid, UUID_BYTES } from './uuid.ts';
import type { Reader } from './wire.ts';

const NO_ID = Buffer.alloc(UUID_BYTES);
const NONE_THERE = '0'.repeat(2 * UUID_BYTES);

/** Asks for brokers and for topics by name, in a version that tells their ids (KIP-516, Kafka 3.0). Never creates a topic. */
export const metadataWithIds = (topics: readonly string[]): Request<Metadata> => ({
  key: 3,
  name: 'Metadata',
  versions: { min: 12, max: 12 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags();
    writer.compactArray(topics, (topic) => writer.bytes(NO_ID).compactString(topic).noTags());
    return [writer.boolean(false).boolean(false).noTags().done()];
  },
  decode(reader) {
    skipTags(reader);
    reader.int32();
    const brokers = readCompactStructures(reader, () => {
      const broker = { id: reader.int32(), host: readCompactString(reader), port: reader.int32() };
      readCompactNullableString(reader);
      return broker;
    });
    const clusterId = readCompactNullableString(reader);
    const controller = reader.int32();
    const found = readCompactStructures(reader, () => readTopic(reader));
    skipTags(reader);
    return { brokers, clusterId, controller, topics: found };
  },
});

function readTopic(reader: Reader): TopicMetadata {
  const [error, name, id] = [reader.int16(), readCompactString(reader), readUuid(reader)];
  const internal = reader.boolean();
  const partitions = readCompactStructures(reader, () => readPartition(reader));
  reader.int32();
  return { error, name, id: id === NONE_THERE ? '' : id, internal, partitions };
}

function readPartition(reader: Reader): PartitionMetadata {
  const [error, id, leader, leaderEpoch] = [reader.int16(), reader.int32(), reader.int32(), reader.int32()];
  const [replicas, inSyncReplicas] = [0, 1].map(() => readCompactArray(reader, () => reader.int32()));
  readCompactArray(reader, () => reader.int32());
  return { error, id, leader, leaderEpoch, replicas, inSyncReplicas };
}
