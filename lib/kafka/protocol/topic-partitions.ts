import type { CompactWriter } from './compact.ts';
import type { Reader, Writer } from './wire.ts';

/** Partitions of one topic. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** The result for one partition of a request. */
export interface PartitionResult {
  topic: string;
  partition: number;
  error: number;
}

/** @param topics null for all, if the request allows it */
export const writeTopicPartitions = (writer: Writer, topics: readonly TopicPartitions[] | null): Writer =>
  writer.array(topics, ({ topic, partitions }) => writer.string(topic).array(partitions, (partition) => writer.int32(partition)));

/** The same in the compact encoding. */
export const writeCompactTopicPartitions = (writer: CompactWriter, topics: readonly TopicPartitions[] | null): CompactWriter =>
  writer.compactArray(topics, ({ topic, partitions }) => {
    writer.compactString(topic).compactArray(partitions, (partition) => writer.int32(partition));
    writer.noTags();
  });

/** Reads the content of each topic: its name, then something for each of its partitions. */
export const readPartitions = <T>(reader: Reader, read: () => T): (T & { topic: string })[] =>
  reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => ({ topic, ...read() }));
    })
    .flat();

export const readPartitionResults = (reader: Reader): PartitionResult[] =>
  readPartitions(reader, () => ({ partition: reader.int32(), error: reader.int16() }));
