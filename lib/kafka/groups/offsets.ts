import type { Cluster } from '../cluster/cluster.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { kafkaError, NONE, UNSTABLE_OFFSET_COMMIT } from '../error-codes.ts';
import { keyOf } from '../partition-key.ts';
import { type OffsetToCommit, offsetCommit } from '../protocol/offset-commit.ts';
import { offsetDelete } from '../protocol/offset-delete.ts';
import { offsetFetch } from '../protocol/offset-fetch.ts';
import type { PartitionResult, TopicPartitions } from '../protocol/topic-partitions.ts';
import { ANSWER_MS, askCoordinator, changeGroup } from './coordinator.ts';

export type { OffsetToCommit, TopicPartitions };

/** What a group has committed for a partition. */
export interface CommittedOffset {
  topic: string;
  partition: number;
  /** The next offset to be read; -1 if none is committed. */
  offset: number;
  /** As it was committed; empty if there is none. */
  metadata: string;
}

const MAY_BE_COMMITTED = 'The offsets may have been committed';

/** Chooses the results that matter. */
export type Relevant = (results: readonly PartitionResult[]) => readonly PartitionResult[];

/** Partitions topic by topic, each topic in the place of its first partition. */
export const byTopic = (places: readonly { readonly topic: string; readonly partition: number }[]): TopicPartitions[] =>
  [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, of]) => ({ topic, partitions: of.map(({ partition }) => partition) }));

/**
 * The offsets of a consumer group, in one request to its coordinator. A group that does not exist has none.
 *
 * @param topics whose partitions to look for; each is answered, with -1 if nothing is committed. Null for all that the group has
 *   committed, in topics that may be described
 * @param deadline Unix milliseconds
 * @param options `orUnstable`: where a transaction has committed others and is still pending, answers with those of before, by a second
 *   request, instead of waiting for its end. It is for what only shows offsets
 * @throws {GatewayError} Forbidden (the group, or a topic named), KafkaUnavailable, DeadlineExceeded …
 */
export async function fetchOffsets(
  cluster: Cluster,
  group: string,
  topics: readonly TopicPartitions[] | null,
  deadline: number,
  { orUnstable = false } = {},
): Promise<CommittedOffset[]> {
  return askCoordinator(cluster, group, deadline, async (connection) => {
    const ask = (requireStable: boolean) => connection.send(offsetFetch(group, topics, requireStable), ANSWER_MS);
    const stable = await ask(true);
    const isPending = stable.offsets.some((one) => one.error === UNSTABLE_OFFSET_COMMIT);
    const { error, offsets } = isPending && orUnstable ? await ask(false) : stable;
    if (error !== NONE) throw kafkaError(error);
    const refused = offsets.find((one) => one.error !== NONE);
    if (refused !== undefined) throw kafkaError(refused.error, placeOf(refused));
    return offsets.map(({ topic, partition, offset, metadata }) => ({ topic, partition, offset, metadata }));
  });
}

/**
 * Commits offsets of a consumer group, in one request to its coordinator, as somebody who is not a member. Creates the group if it does
 * not exist. It may be repeated: the last commit holds.
 *
 * @param deadline Unix milliseconds
 * @param relevant chooses the results that are judged; all by default
 * @throws {GatewayError} IllegalState when the group has live members; TopicNotFound, Forbidden or InvalidArgument when one of the
 *   partitions is refused, though others may be committed by then; retriable ones say whether the offsets may have been committed
 */
export async function commitOffsets(
  cluster: Cluster,
  group: string,
  offsets: readonly OffsetToCommit[],
  deadline: number,
  relevant: Relevant = (results) => results,
): Promise<void> {
  const check = (results: readonly PartitionResult[]) => checkAll(relevant(results), 'committed');
  await changeGroup(cluster, group, deadline, offsetCommit(group, offsets), check, MAY_BE_COMMITTED);
}

/**
 * The same for a reader that only goes on: when a coordinator has not taken the commit at once, others may have gone further by now. Where
 * they have, their commit holds.
 */
export async function commitForward(cluster: Cluster, group: string, offsets: readonly OffsetToCommit[], deadline: number): Promise<void> {
  const check = (results: readonly PartitionResult[]) => checkAll(results, 'committed');
  const topics = byTopic(offsets);
  const left = async (connection: BrokerConnection) => {
    const { error, offsets: now } = await connection.send(offsetFetch(group, topics, true), ANSWER_MS);
    const refused = now.find((one) => one.error !== NONE)?.error ?? error;
    if (refused !== NONE) throw kafkaError(refused);
    const committed = new Map(now.map((one) => [keyOf(one), one.offset]));
    const further = offsets.filter((one) => one.offset > (committed.get(keyOf(one)) ?? -1));
    return further.length === 0 ? null : offsetCommit(group, further);
  };
  await changeGroup(cluster, group, deadline, offsetCommit(group, offsets), check, MAY_BE_COMMITTED, left);
}

/**
 * Deletes offsets of a consumer group, in one request to its coordinator. Partitions without an offset are not an error.
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} GroupNotFound; IllegalState when live members subscribe to a topic; TopicNotFound, Forbidden …
 */
export async function deleteOffsets(cluster: Cluster, group: string, topics: readonly TopicPartitions[], deadline: number): Promise<void> {
  const check = ({ error, partitions }: { error: number; partitions: PartitionResult[] }) => {
    if (error !== NONE) throw kafkaError(error);
    checkAll(partitions, 'deleted');
  };
  await changeGroup(cluster, group, deadline, offsetDelete(group, topics), check, 'The offsets may have been deleted');
}

function checkAll(results: readonly PartitionResult[], done: string): void {
  const refused = results.filter(({ error }) => error !== NONE);
  if (refused.length === 0) return;
  const carriedOut = results.length - refused.length;
  const others = carriedOut === 0 ? '' : `. The offsets of ${carriedOut} other partitions were ${done}`;
  throw kafkaError(refused[0].error, `${placeOf(refused[0])}${others}`);
}

const placeOf = ({ topic, partition }: PartitionResult): string => `It is about partition ${partition} of ${topic}`;
