import type { Request } from './request.ts';
import { Writer } from './wire.ts';

export interface TopicOperations {
  error: number;
  name: string;
  /** A bit for each `AclOperation` that the caller may do, by its number; negative if Kafka does not say. */
  operations: number;
}

/** Asks what the caller may do with topics: Metadata, in the first version that says it (KIP-430). Never creates a topic. */
export const topicOperations = (topics: readonly string[]): Request<TopicOperations[]> => ({
  key: 3,
  name: 'Metadata',
  versions: { min: 8, max: 8 },
  encode() {
    const writer = new Writer();
    // Creates no topic, and asks for the operations of topics, not of the cluster.
    writer
      .array(topics, (topic) => writer.string(topic))
      .boolean(false)
      .boolean(false)
      .boolean(true);
    return [writer.done()];
  },
  decode(reader) {
    reader.int32();
    reader.array(() => {
      reader.int32();
      reader.string();
      reader.int32();
      reader.nullableString();
    });
    reader.nullableString();
    reader.int32();
    const found = reader.array(() => {
      const topic = { error: reader.int16(), name: reader.string() };
      reader.boolean();
      reader.array(() => {
        reader.int16();
        for (let i = 0; i < 3; i++) reader.int32();
        for (let i = 0; i < 3; i++) reader.array(() => reader.int32());
      });
      return { ...topic, operations: reader.int32() };
    });
    reader.int32();
    return found;
  },
});
