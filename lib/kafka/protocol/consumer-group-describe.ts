import {
  behindHeader,
  compactArray,
  compactString,
  NO_TAGS,
  readCompactArray,
  readCompactNullableString,
  readCompactString,
  readCompactStructures,
  skip,
  skipTags,
} from './compact.ts';
import type { Request } from './request.ts';
import type { TopicPartitions } from './topic-partitions.ts';
import type { Reader } from './wire.ts';

const NO = Buffer.alloc(1);
const UUID_BYTES = 16;
const CLASSIC = 0;

export interface ConsumerGroupMember {
  memberId: string;
  instanceId: string | null;
  epoch: number;
  clientId: string;
  host: string;
  subscribedTopics: string[];
  subscribedRegex: string | null;
  /** What the member has at present; on its way to what it is to have. */
  assignment: TopicPartitions[];
  /** Whether it speaks the classic protocol, on its way to the new one; false where the broker is too old to say. */
  isClassic: boolean;
}

export interface ConsumerGroup {
  error: number;
  state: string;
  epoch: number;
  assignor: string;
  members: ConsumerGroupMember[];
}

/** Asks the coordinator of groups of the consumer protocol (KIP-848, Kafka 4.0) what they are; answers with each by its name. */
export const consumerGroupDescribe = (groups: readonly string[]): Request<Map<string, ConsumerGroup>> => ({
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: { min: 0, max: 1 },
  throttle: behindHeader,
  encode: () => [NO_TAGS, compactArray(groups.map(compactString)), NO, NO_TAGS],
  decode(reader, version) {
    skipTags(reader);
    reader.int32();
    const answers = readCompactStructures(reader, () => readGroup(reader, version));
    skipTags(reader);
    return new Map(answers);
  },
});

function readGroup(reader: Reader, version: number): [string, ConsumerGroup] {
  const error = reader.int16();
  readCompactNullableString(reader);
  const group = readCompactString(reader);
  const state = readCompactString(reader);
  const epoch = reader.int32();
  reader.int32();
  const assignor = readCompactString(reader);
  const members = readCompactStructures(reader, () => readMember(reader, version));
  reader.int32();
  return [group, { error, state, epoch, assignor, members }];
}

function readMember(reader: Reader, version: number): ConsumerGroupMember {
  const [memberId, instanceId] = [readCompactString(reader), readCompactNullableString(reader)];
  readCompactNullableString(reader);
  const member = {
    memberId,
    instanceId,
    epoch: reader.int32(),
    clientId: readCompactString(reader),
    host: readCompactString(reader),
    subscribedTopics: readCompactArray(reader, () => readCompactString(reader)),
    subscribedRegex: readCompactNullableString(reader),
    assignment: readAssignment(reader),
  };
  readAssignment(reader);
  return { ...member, isClassic: version >= 1 && reader.int8() === CLASSIC };
}

/** What a member has, as the new group protocols write it. */
export function readAssignment(reader: Reader): TopicPartitions[] {
  const assignment = readCompactStructures(reader, () => {
    skip(reader, UUID_BYTES);
    return { topic: readCompactString(reader), partitions: readCompactArray(reader, () => reader.int32()) };
  });
  skipTags(reader);
  return assignment;
}
