import { topicNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { knownTopics } from '../cluster/known-topics.ts';
import { describeGroup } from './groups.ts';
import { type CommittedOffset, fetchOffsets } from './offsets.ts';
import { endOffsets } from './positions.ts';

/** How far a group has read a partition. */
export interface GroupOffset extends CommittedOffset {
  /** The offset to be written next; null if the partition no longer exists. */
  end: number | null;
}

/**
 * The ends of the partitions in which a consumer group has committed offsets. They are asked for after the commits, so that a group that
 * keeps up never seems to be ahead of its topics.
 *
 * @param committed of {@link existingOffsets}
 * @param deadline Unix milliseconds
 * @returns by topic and partition
 * @throws {GatewayError} Forbidden, KafkaUnavailable …
 */
export async function offsetsWithEnds(cluster: Cluster, committed: readonly CommittedOffset[], deadline: number): Promise<GroupOffset[]> {
  const topics = await knownTopics(cluster, [...new Set(committed.map(({ topic }) => topic))], deadline, Date.now());
  const there = committed.filter(({ topic, partition }) => topics.get(topic)?.leaders.has(partition));
  const endOf = await endOffsets(cluster, there, deadline);
  return committed.map((offset) => ({ ...offset, end: endOf(offset) })).sort(byPlace);
}

/**
 * What is committed in every partition of one topic, and where each partition ends; offset -1 if nothing is committed.
 *
 * @throws {GatewayError} TopicNotFound, GroupNotFound, Forbidden, KafkaUnavailable …
 */
export async function offsetsOfTopic(cluster: Cluster, group: string, topic: string, deadline: number): Promise<GroupOffset[]> {
  const known = (await knownTopics(cluster, [topic], deadline, Date.now())).get(topic);
  if (known === undefined) throw topicNotFound(topic);
  const offsets = await fetchOffsets(cluster, group, [{ topic, partitions: [...known.leaders.keys()] }], deadline, { orUnstable: true });
  if (offsets.every(({ offset }) => offset < 0)) await describeGroup(cluster, group, deadline);
  const endOf = await endOffsets(cluster, offsets, deadline);
  return offsets.map((offset) => ({ ...offset, end: endOf(offset) })).sort(byPlace);
}

/**
 * What a group has committed, in all topics that may be described; empty for a group that exists without offsets.
 *
 * @throws {GatewayError} GroupNotFound
 */
export async function existingOffsets(cluster: Cluster, group: string, deadline: number): Promise<CommittedOffset[]> {
  const offsets = (await fetchOffsets(cluster, group, null, deadline, { orUnstable: true })).filter(({ offset }) => offset >= 0);
  if (offsets.length === 0) await describeGroup(cluster, group, deadline);
  return offsets;
}

/**
 * How many offsets are left to read. Never negative: a group may have committed an offset beyond the end, and a leader that lags answers
 * with an earlier end than the group has read.
 */
export const lagBetween = (offset: number, end: number): number => Math.max(0, end - offset);

const byPlace = (a: CommittedOffset, b: CommittedOffset): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
