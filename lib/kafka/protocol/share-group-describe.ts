import { readCompactArray, readCompactNullableString, readCompactString } from './compact.ts';
import type { ConsumerGroupMember } from './consumer-group-describe.ts';
import { type DescribedGroup, describeNewGroups, namesOf, readAssignment } from './described-groups.ts';
import type { Request } from './request.ts';
import type { Reader } from './wire.ts';

/** A member of a share group: never a static one; it names the topics that it reads. */
export type ShareGroupMember = Omit<ConsumerGroupMember, 'instanceId' | 'subscribedRegex' | 'isClassic'>;

export type ShareGroup = DescribedGroup<ShareGroupMember>;

/** Asks the coordinator to describe share groups (KIP-932, Kafka 4.1); answers with each by its name. */
export const shareGroupDescribe = (groups: readonly string[]): Request<Map<string, ShareGroup>> =>
  describeNewGroups({ key: 77, name: 'ShareGroupDescribe', versions: { min: 1, max: 1 } }, groups, readMember);

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
