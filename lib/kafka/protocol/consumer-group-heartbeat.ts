import { behindHeader, CompactWriter } from './compact.ts';
import { type HeartbeatAnswer, readHeartbeatAnswer } from './group-heartbeat.ts';
import type { IdentifiedPartitions } from './identified-partitions.ts';
import type { Request } from './request.ts';
import { writeUuid } from './uuid.ts';

/**
 * A heartbeat with all fields: only then does the answer always contain the member's assignment. A field that is left out means "as before"
 * to the coordinator, which announces a revocation only once: a member that loses that answer never hears of it again.
 */
export interface FullHeartbeat {
  readonly group: string;
  readonly memberId: string;
  /** The member's epoch; {@link JOIN} to become a member. */
  readonly epoch: number;
  readonly rebalanceTimeoutMs: number;
  /** Empty with a pattern, or without a subscription. */
  readonly topics: readonly string[];
  /** An RE2 regular expression, which the coordinator matches against whole names; empty for none. */
  readonly pattern: string;
  /** The partitions that the member has now. Those that it leaves out here are free for others. */
  readonly owned: readonly IdentifiedPartitions[];
}

/** The epochs of a member that joins, and of one that leaves. */
export const JOIN = 0;
export const LEAVE = -1;

/** Joins a group of the consumer protocol (KIP-848), or stays in it. */
export const consumerGroupHeartbeat = (heartbeat: FullHeartbeat): Request<HeartbeatAnswer> =>
  heartbeatOf(heartbeat, heartbeat.rebalanceTimeoutMs, heartbeat);

/**
 * Stays in the group, and sends everything but the topics that the member subscribes to, which stay as they are: for a member that
 * subscribes to topics by name. As it says that there is no pattern, the coordinator takes it for a full heartbeat, and answers with the
 * assignment.
 */
export const askingHeartbeat = (heartbeat: Omit<FullHeartbeat, 'topics' | 'pattern'>): Request<HeartbeatAnswer> =>
  heartbeatOf(heartbeat, heartbeat.rebalanceTimeoutMs, { topics: null, pattern: '', owned: heartbeat.owned });

/** Stays in the group, or leaves it ({@link LEAVE}), and changes nothing else. */
export const briefHeartbeat = (group: string, memberId: string, epoch: number): Request<HeartbeatAnswer> =>
  heartbeatOf({ group, memberId, epoch }, -1, { topics: null, pattern: null, owned: null });

interface Said {
  readonly topics: readonly string[] | null;
  readonly pattern: string | null;
  readonly owned: readonly IdentifiedPartitions[] | null;
}

/** Null means "as before". */
const heartbeatOf = (
  { group, memberId, epoch }: Pick<FullHeartbeat, 'group' | 'memberId' | 'epoch'>,
  rebalanceTimeoutMs: number,
  { topics, pattern, owned }: Said,
): Request<HeartbeatAnswer> => ({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode() {
    const writer = new CompactWriter().noTags().compactString(group).compactString(memberId).int32(epoch);
    writer.compactString(null).compactString(null); // no instance id, and no rack
    writer.int32(rebalanceTimeoutMs);
    writer.compactArray(topics, (topic) => writer.compactString(topic)).compactString(pattern);
    writer.compactString(null); // any assignor
    writer.compactArray(owned, ({ topicId, partitions }) => {
      writeUuid(writer, topicId)
        .compactArray(partitions, (partition) => writer.int32(partition))
        .noTags();
    });
    return [writer.noTags().done()];
  },
  decode: readHeartbeatAnswer,
});
