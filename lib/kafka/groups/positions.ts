import { partitionNotFound, topicNotFound } from '../../messages/topics.ts';
import { askLeadersOf } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { knownTopics } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import type { Led } from '../cluster/successor.ts';
import { keyOf } from '../partition-key.ts';
import { LATEST, listOffsetsOf, type OffsetQuery } from '../protocol/list-offsets.ts';
import type { OffsetToCommit } from '../protocol/offset-commit.ts';

/** How long a leader may take to answer. */
const ANSWER_MS = 2500;

/** Where a group should continue reading. */
export interface WantedPosition {
  readonly topic: string;
  /** Null for every partition of the topic. */
  readonly partition: number | null;
  /** The next offset to be read, or the time of the first record to be read: Unix milliseconds, or LATEST or EARLIEST of ListOffsets. */
  readonly at: { readonly offset: number } | { readonly timestamp: number };
  readonly metadata: string | null;
}

/**
 * The offsets that positions stand for, in one request to each leader. A time after the last record stands for the end of the partition.
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} TopicNotFound, PartitionNotFound, Forbidden, KafkaUnavailable …
 */
export async function resolvePositions(cluster: Cluster, wanted: readonly WantedPosition[], deadline: number): Promise<OffsetToCommit[]> {
  // "Every partition" means those that exist now, and Kafka accepts offsets for partitions that do not exist.
  const topics = await knownTopics(cluster, [...new Set(wanted.map(({ topic }) => topic))], deadline, Date.now());
  const each = wanted.flatMap((position) => expand(position, topics));
  const asked = each.flatMap(({ topic, partition, at }) => ('timestamp' in at ? [{ topic, partition, timestamp: at.timestamp }] : []));
  const found = await offsetsAt(cluster, asked, deadline);
  const late = found.filter(({ offset }) => offset < 0).map(({ topic, partition }) => ({ topic, partition, timestamp: LATEST }));
  const ends = await offsetsAt(cluster, late, deadline);
  const offsets = new Map([...found, ...ends].map((one) => [keyOf(one), one.offset]));
  return each.map(({ topic, partition, at, metadata }) => ({
    topic,
    partition,
    offset: 'offset' in at ? at.offset : (offsets.get(keyOf({ topic, partition })) ?? 0),
    metadata,
  }));
}

/** The ends of partitions: the offsets to be written next. Each topic must be known to the cluster. */
export async function endOffsets(cluster: Cluster, partitions: readonly Led[], deadline: number): Promise<(offset: Led) => number | null> {
  const asked = partitions.map(({ topic, partition }) => ({ topic, partition, timestamp: LATEST }));
  const ends = new Map((await offsetsAt(cluster, asked, deadline)).map((one) => [keyOf(one), one.offset]));
  return (offset) => ends.get(keyOf(offset)) ?? null;
}

const offsetsAt = (cluster: Cluster, queries: readonly OffsetQuery[], deadline: number) =>
  askLeadersOf(cluster, queries, deadline, (connection, led) =>
    connection.send(listOffsetsOf(led, 'read_uncommitted', cluster), ANSWER_MS),
  );

function expand(position: WantedPosition, topics: ReadonlyMap<string, KnownTopic>): (WantedPosition & { partition: number })[] {
  const { topic, partition } = position;
  const leaders = topics.get(topic)?.leaders;
  if (leaders === undefined) throw topicNotFound(topic);
  if (partition !== null && !leaders.has(partition)) throw partitionNotFound(topic, partition, leaders.size);
  const partitions = partition === null ? [...leaders.keys()].sort((a, b) => a - b) : [partition];
  return partitions.map((one) => ({ ...position, partition: one }));
}
