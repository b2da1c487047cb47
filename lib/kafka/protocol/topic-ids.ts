import {
  behindHeader,
  CompactWriter,
  readCompactArray,
  readCompactNullableString,
  readCompactStructures,
  skip,
  skipTags,
} from './compact.ts';
import type { Request } from './request.ts';
import { readUuid, UUID_BYTES } from './uuid.ts';
import type { Reader } from './wire.ts';

/** A topic's name and id. One that is made anew has another id. */
export interface TopicId {
  error: number;
  name: string;
  /** 32 hexadecimal digits. */
  id: string;
}

const NO_ID = Buffer.alloc(UUID_BYTES);

/** Asks for the ids of topics: Metadata, in a version that has them (KIP-516, Kafka 3.0). Never creates a topic. */
export const topicIds = (topics: readonly string[]): Request<TopicId[]> => ({
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
    readCompactStructures(reader, () => {
      reader.int32();
      readCompactNullableString(reader);
      reader.int32();
      readCompactNullableString(reader);
    });
    readCompactNullableString(reader);
    reader.int32();
    const topics = readCompactStructures(reader, () => readTopic(reader));
    skipTags(reader);
    return topics;
  },
});

function readTopic(reader: Reader): TopicId {
  const error = reader.int16();
  const name = readCompactNullableString(reader) ?? '';
  const id = readUuid(reader);
  reader.boolean();
  readCompactStructures(reader, () => {
    skip(reader, 14);
    for (let i = 0; i < 3; i++) readCompactArray(reader, () => reader.int32());
  });
  reader.int32();
  return { error, name, id };
}
