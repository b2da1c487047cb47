import type { Request } from './request.ts';
import { Writer } from './wire.ts';

export interface NewTopic {
  name: string;
  /** -1 for the broker's default, and if the replicas are given. */
  partitions: number;
  /** -1 for the broker's default, and if the replicas are given. */
  replicationFactor: number;
  /** The brokers that must hold each partition, the preferred leader first; without it, Kafka chooses. */
  replicas?: readonly { readonly partition: number; readonly brokers: readonly number[] }[];
  configs: Record<string, string | null>;
}

export interface CreateTopicAnswer {
  error: number;
  /** The broker's own words, for people. */
  message: string | null;
}

/** Creates one topic, or only checks whether it could be created. Version 4 is the first that allows the broker's defaults (Kafka 2.4). */
export const createTopics = (topic: NewTopic, timeoutMs: number, validateOnly = false): Request<CreateTopicAnswer> => ({
  key: 19,
  name: 'CreateTopics',
  versions: { min: 4, max: 4 },
  encode() {
    const writer = new Writer().int32(1).string(topic.name).int32(topic.partitions).int16(topic.replicationFactor);
    writer.array(topic.replicas ?? [], ({ partition, brokers }) =>
      writer.int32(partition).array(brokers, (broker) => writer.int32(broker)),
    );
    writer
      .array(Object.entries(topic.configs), ([name, value]) => writer.string(name).string(value))
      .int32(timeoutMs)
      .boolean(validateOnly);
    return [writer.done()];
  },
  decode(reader) {
    reader.int32();
    const [answer] = reader.array(() => {
      reader.string();
      return { error: reader.int16(), message: reader.nullableString() };
    });
    return answer ?? { error: -1, message: null };
  },
});
