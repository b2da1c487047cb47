import { isTopicName } from '../../topic-name.ts';
import { skip } from './compact.ts';
import type { Request } from './request.ts';
import type { TopicPartitions } from './topic-partitions.ts';
import { Reader, Writer } from './wire.ts';

export interface ClassicMember {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  host: string;
  /** Null if it is in a format of its own: the members of the group are not consumers, or their client has written something else. */
  assignment: TopicPartitions[] | null;
}

export interface ClassicGroup {
  error: number;
  /** `Dead` for a group that does not exist, and for one of another protocol. */
  state: string;
  /** `consumer` for consumers; empty for a group that has only offsets. */
  protocolType: string;
  /** What the members have agreed on: for consumers, the name of their assignor. */
  protocol: string;
  members: ClassicMember[];
}

/** Asks the coordinator to describe groups of the classic protocol; answers with each by its name. */
export const describeGroups = (groups: readonly string[]): Request<Map<string, ClassicGroup>> => ({
  key: 15,
  name: 'DescribeGroups',
  versions: { min: 4, max: 4 },
  encode() {
    const writer = new Writer();
    writer.array(groups, (group) => writer.string(group));
    return [writer.boolean(false).done()];
  },
  decode(reader) {
    reader.int32();
    const answers = reader.array((): [string, ClassicGroup] => {
      const error = reader.int16();
      const group = reader.string();
      const described = { error, state: reader.string(), protocolType: reader.string(), protocol: reader.string() };
      const members = reader.array(() => {
        const member = {
          memberId: reader.string(),
          instanceId: reader.nullableString(),
          clientId: reader.string(),
          host: reader.string(),
        };
        readBytes(reader);
        const assignment = readBytes(reader);
        return { ...member, assignment: described.protocolType === 'consumer' ? readAssignment(assignment) : null };
      });
      reader.int32();
      return [group, { ...described, members }];
    });
    return new Map(answers);
  },
});

function readBytes(reader: Reader): Buffer {
  const start = skip(reader, Math.max(0, reader.int32()));
  return reader.bytes.subarray(start, reader.at);
}

/**
 * A member has no assignment while the group rebalances. Later versions of the format only add to its end. The client that leads the group
 * writes the bytes, and the broker passes them on unseen.
 */
function readAssignment(bytes: Buffer): TopicPartitions[] | null {
  if (bytes.length === 0) return [];
  const reader = new Reader(bytes);
  try {
    reader.int16();
    const assigned = reader.array(() => ({ topic: reader.string(), partitions: reader.array(() => reader.int32()) }));
    return assigned.every(canBe) ? assigned : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const canBe = ({ topic, partitions }: TopicPartitions): boolean => isTopicName(topic) && partitions.every((partition) => partition >= 0);
