import {
  behindHeader,
  compactArray,
  compactString,
  NO_TAGS,
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
const NO = Buffer.alloc(1);

/** Asks for the ids of topics: Metadata, in a version that has them (KIP-516, Kafka 3.0). Never creates a topic. */
export const topicIds = (topics: readonly string[]): Request<TopicId[]> => ({
  key: 3,
  name: 'Metadata',
  versions: { min: 12, max: 12 },
  throttle: behindHeader,
  encode: () => [NO_TAGS, compactArray(topics.map((topic) => Buffer.concat([NO_ID, compactString(topic), NO_TAGS]))), NO, NO, NO_TAGS],
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
