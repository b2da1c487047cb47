import { readCompactArray, readCompactNullableString, readCompactString } from './compact.ts';
import { type DescribedGroup, describeNewGroups, type NamedPartitions, namesOf, readAssignment } from './described-groups.ts';
import type { Request } from './request.ts';
import type { TopicPartitions } from './topic-partitions.ts';
import type { Reader } from './wire.ts';

const CLASSIC = 0;

export interface ConsumerGroupMember {
  memberId: string;
  instanceId: string | null;
  epoch: number;
  clientId: string;
  host: string;
  subscribedTopics: string[];
  subscribedRegex: string | null;
  /** What the member has now, on its way to its target assignment. */
  assignment: TopicPartitions[];
  /** Whether it speaks the classic protocol, on its way to the new one; false if the broker is too old to say. */
  isClassic: boolean;
}

export type ConsumerGroup<Member = ConsumerGroupMember> = DescribedGroup<Member>;

/** A member with everything that a heartbeat in its name needs. */
export interface FullMember extends ConsumerGroupMember {
  assignment: NamedPartitions[];
  /** Its target assignment. */
  target: NamedPartitions[];
}

/** Asks the coordinator to describe groups of the consumer protocol (KIP-848, Kafka 4.0); answers with each by its name. */
export const consumerGroupDescribe = (groups: readonly string[]): Request<Map<string, ConsumerGroup>> => {
  const { decode, ...request } = groupsWithIds(groups);
  return {
    ...request,
    decode(reader, version) {
      const described = [...decode(reader, version)];
      return new Map(described.map(([group, { members, ...rest }]) => [group, { ...rest, members: members.map(withoutIds) }]));
    },
  };
};

const withoutIds = ({ target: _target, assignment, ...member }: FullMember): ConsumerGroupMember => ({
  ...member,
  assignment: namesOf(assignment),
});

/** The same for one group, with the ids of topics and the target assignments of members. */
export const consumerGroupMembers = (group: string): Request<ConsumerGroup<FullMember>> => {
  const { decode, ...request } = groupsWithIds([group]);
  return {
    ...request,
    decode: (reader, version) => decode(reader, version).get(group) ?? { error: -1, state: 'Dead', epoch: -1, assignor: '', members: [] },
  };
};

const groupsWithIds = (groups: readonly string[]): Request<Map<string, ConsumerGroup<FullMember>>> =>
  describeNewGroups({ key: 69, name: 'ConsumerGroupDescribe', versions: { min: 0, max: 1 } }, groups, readMember);

function readMember(reader: Reader, version: number): FullMember {
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
    target: readAssignment(reader),
  };
  return { ...member, isClassic: version >= 1 && reader.int8() === CLASSIC };
}
