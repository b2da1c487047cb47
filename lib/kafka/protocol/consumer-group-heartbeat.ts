import { behindHeader, CompactWriter } from './compact.ts';
import { type HeartbeatAnswer, readHeartbeatAnswer } from './group-heartbeat.ts';
import type { IdentifiedPartitions } from './identified-partitions.ts';
import type { Request } from './request.ts';
import { writeUuid } from './uuid.ts';

/**
 * A heartbeat that says all: only then the answer always says what the member is assigned. What is left out is "as before" to the
 * coordinator, and it announces a revocation once: whose answer is lost never hears of it again.
 */
export interface FullHeartbeat {
  readonly group: string;
  readonly memberId: string;
  /** That of the member; {@link JOIN} to become one. */
  readonly epoch: number;
  readonly rebalanceTimeoutMs: number;
  /** None with a pattern, or without a subscription. */
  readonly topics: readonly string[];
  /** A regular expression of RE2, which the coordinator matches against whole names; empty for none. */
  readonly pattern: string;
  /** What the member reads at present. What it no longer has here is free for others. */
  readonly owned: readonly IdentifiedPartitions[];
}

/** The epochs of a member that joins, and of one that leaves. */
export const JOIN = 0;
export const LEAVE = -1;

/** Joins a group of the consumer protocol (KIP-848), or stays in it. */
export const consumerGroupHeartbeat = (heartbeat: FullHeartbeat): Request<HeartbeatAnswer> =>
  heartbeatOf(heartbeat, heartbeat.rebalanceTimeoutMs, heartbeat);

/**
 * Stays in the group, and says all but what the member subscribes to, which stays as it is: for a member that subscribes to topics by their
 * names. As it says that there is no pattern, the coordinator takes it for one that says all, and answers with what the member is assigned.
 */
export const askingHeartbeat = (heartbeat: Omit<FullHeartbeat, 'topics' | 'pattern'>): Request<HeartbeatAnswer> =>
  heartbeatOf(heartbeat, heartbeat.rebalanceTimeoutMs, { topics: null, pattern: '', owned: heartbeat.owned });

/** Stays in the group, or leaves it ({@link LEAVE}), with nothing else to say. */
export const briefHeartbeat = (group: string, memberId: string, epoch: number): Request<HeartbeatAnswer> =>
  heartbeatOf({ group, memberId, epoch }, -1, { topics: null, pattern: null, owned: null });

interface Said {
  readonly topics: readonly string[] | null;
  readonly pattern: string | null;
  readonly owned: readonly IdentifiedPartitions[] | null;
}

/** What is null is as it was before. */
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
