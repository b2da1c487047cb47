import {
  behindHeader,
  CompactWriter,
  readCompactArray,
  readCompactNullableString,
  readCompactString,
  readCompactStructures,
  skipTags,
} from './compact.ts';
import type { Request } from './request.ts';
import type { TopicPartitions } from './topic-partitions.ts';
import { readUuid } from './uuid.ts';
import type { Reader } from './wire.ts';

/** A group of one of the new protocols, which coordinators describe in the same form. */
export interface DescribedGroup<Member> {
  error: number;
  state: string;
  epoch: number;
  assignor: string;
  members: Member[];
}

/** Partitions of a topic, by its name and by its id. */
export interface NamedPartitions extends TopicPartitions {
  readonly topicId: string;
}

/** Asks the coordinator to describe groups; answers with each by its name. Only the members differ by protocol. */
export const describeNewGroups = <Member>(
  request: Pick<Request<unknown>, 'key' | 'name' | 'versions'>,
  groups: readonly string[],
  readMember: (reader: Reader, version: number) => Member,
): Request<Map<string, DescribedGroup<Member>>> => ({
  ...request,
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags();
    return [
      writer
        .compactArray(groups, (group) => writer.compactString(group))
        .boolean(false)
        .noTags()
        .done(),
    ];
  },
  decode(reader, version) {
    skipTags(reader);
    reader.int32();
    const answers = readCompactStructures(reader, () => readGroup(reader, () => readMember(reader, version)));
    skipTags(reader);
    return new Map(answers);
  },
});

function readGroup<Member>(reader: Reader, readMember: () => Member): [string, DescribedGroup<Member>] {
  const error = reader.int16();
  readCompactNullableString(reader);
  const group = readCompactString(reader);
  const state = readCompactString(reader);
  const epoch = reader.int32();
  reader.int32();
  const assignor = readCompactString(reader);
  const members = readCompactStructures(reader, readMember);
  reader.int32();
  return [group, { error, state, epoch, assignor, members }];
}

/** The assignment of a member, as the new group protocols write it. */
export function readAssignment(reader: Reader): NamedPartitions[] {
  const assignment = readCompactStructures(reader, () => ({
    topicId: readUuid(reader),
    topic: readCompactString(reader),
    partitions: readCompactArray(reader, () => reader.int32()),
  }));
  skipTags(reader);
  return assignment;
}

/** An assignment without the ids of topics. */
export const namesOf = (assignment: readonly NamedPartitions[]): TopicPartitions[] =>
  assignment.map(({ topic, partitions }) => ({ topic, partitions }));
