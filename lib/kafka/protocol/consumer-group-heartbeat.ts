import { behindHeader, compactArray, compactString, NO_TAGS } from './compact.ts';
import { type HeartbeatAnswer, readHeartbeatAnswer } from './group-heartbeat.ts';
import type { IdentifiedPartitions } from './identified-partitions.ts';
import type { Request } from './request.ts';
import { writeUuid } from './uuid.ts';
import { Writer } from './wire.ts';

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

const NULL = Buffer.alloc(1);

/** Joins a group of the consumer protocol (KIP-848), or stays in it. */
export const consumerGroupHeartbeat = (heartbeat: FullHeartbeat): Request<HeartbeatAnswer> => {
  const { group, memberId, epoch, rebalanceTimeoutMs, topics, pattern, owned } = heartbeat;
  return heartbeatOf([
    ...[compactString(group), compactString(memberId), int32(epoch), NULL, NULL, int32(rebalanceTimeoutMs)],
    ...[compactArray(topics.map(compactString)), compactString(pattern), NULL, compactArray(owned.map(writeOwned)), NO_TAGS],
  ]);
};

/**
 * Stays in the group, and says all but what the member subscribes to, which stays as it is: for a member that subscribes to topics by their
 * names. As it says that there is no pattern, the coordinator takes it for one that says all, and answers with what the member is assigned.
 */
export const askingHeartbeat = (heartbeat: Omit<FullHeartbeat, 'topics' | 'pattern'>): Request<HeartbeatAnswer> => {
  const { group, memberId, epoch, rebalanceTimeoutMs, owned } = heartbeat;
  return heartbeatOf([
    ...[compactString(group), compactString(memberId), int32(epoch), NULL, NULL, int32(rebalanceTimeoutMs)],
    ...[NULL, compactString(''), NULL, compactArray(owned.map(writeOwned)), NO_TAGS],
  ]);
};

/** Stays in the group, or leaves it ({@link LEAVE}), with nothing else to say. */
export const briefHeartbeat = (group: string, memberId: string, epoch: number): Request<HeartbeatAnswer> =>
  heartbeatOf([compactString(group), compactString(memberId), int32(epoch), NULL, NULL, int32(-1), NULL, NULL, NULL, NULL, NO_TAGS]);

const heartbeatOf = (body: Buffer[]): Request<HeartbeatAnswer> => ({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: { min: 1, max: 1 },
  throttle: behindHeader,
  encode: () => [NO_TAGS, ...body],
  decode: readHeartbeatAnswer,
});

const int32 = (value: number): Buffer => new Writer().int32(value).done();

const writeOwned = ({ topicId, partitions }: IdentifiedPartitions): Buffer =>
  Buffer.concat([writeUuid(topicId), compactArray(partitions.map(int32)), NO_TAGS]);
