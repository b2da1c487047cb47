import {
  behindHeader,
  compactArray,
  compactString,
  NO_TAGS,
  readCompactArray,
  readCompactNullableString,
  readCompactString,
  readCompactStructures,
  skipTags,
} from './compact.ts';
import { type ConsumerGroup, type ConsumerGroupMember, namesOf, readAssignment } from './consumer-group-describe.ts';
import type { Request } from './request.ts';
import type { Reader } from './wire.ts';

/** A member of a share group: it is never a static one, and names the topics that it reads. */
export type ShareGroupMember = Omit<ConsumerGroupMember, 'instanceId' | 'subscribedRegex' | 'isClassic'>;

export type ShareGroup = Omit<ConsumerGroup, 'members'> & { members: ShareGroupMember[] };

const NO = Buffer.alloc(1);

/** Asks the coordinator of share groups (KIP-932, Kafka 4.1) what they are; answers with each by its name. */
export const shareGroupDescribe = (groups: readonly string[]): Request<Map<string, ShareGroup>> => ({
  key: 77,
  name: 'ShareGroupDescribe',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode: () => [NO_TAGS, compactArray(groups.map(compactString)), NO, NO_TAGS],
  decode(reader) {
    skipTags(reader);
    reader.int32();
    const answers = readCompactStructures(reader, () => readGroup(reader));
    skipTags(reader);
    return new Map(answers);
  },
});

function readGroup(reader: Reader): [string, ShareGroup] {
  const error = reader.int16();
  readCompactNullableString(reader);
  const group = readCompactString(reader);
  const state = readCompactString(reader);
  const epoch = reader.int32();
  reader.int32();
  const assignor = readCompactString(reader);
  const members = readCompactStructures(reader, () => readMember(reader));
  reader.int32();
  return [group, { error, state, epoch, assignor, members }];
}

function readMember(reader: Reader): ShareGroupMember {
  const memberId = readCompactString(reader);
  readCompactNullableString(reader);
  return {
    memberId,
    epoch: reader.int32(),
    clientId: readCompactString(reader),
    host: readCompactString(reader),
    subscribedTopics: readCompactArray(reader, () => readCompactString(reader)),
    assignment: namesOf(readAssignment(reader)),
  };
}
