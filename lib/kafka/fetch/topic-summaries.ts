import type { Cluster } from '../cluster/cluster.ts';
import { knownTopics } from '../cluster/known-topics.ts';
import { EARLIEST, LATEST } from '../protocol/list-offsets.ts';
import { offsetsOf } from './list-offsets.ts';

/** The size of a topic in offsets, which also count records that compaction has removed, and markers of transactions. */
export interface TopicSummary {
  topic: string;
  partitions: number;
  /** From the beginning to the end of each partition, in all. */
  offsets: number;
  /** Those of them from the first record at or after a time; null if no time is given. */
  since: number | null;
}

/** How long new partitions may stay unseen. */
const SEEN_WITHIN_MS = 30_000;

/**
 * The size of each topic, with up to three requests to each leader for all topics together. Leaves out topics that do not exist.
 *
 * @param since Unix milliseconds
 * @throws {GatewayError} as `askLeadersOf`
 */
export async function topicSummaries(
  cluster: Cluster,
  topics: readonly string[],
  since: number | null,
  deadline: number,
): Promise<TopicSummary[]> {
  const known = await knownTopics(cluster, topics, deadline, Date.now() - SEEN_WITHIN_MS);
  const partitions = [...known].flatMap(([topic, { leaders }]) => [...leaders.keys()].map((partition) => ({ topic, partition })));
  const [beginnings, ends, starts] = await Promise.all(
    [EARLIEST, LATEST, since].map((time) => (time === null ? null : offsetsOf(cluster, partitions, time, deadline))),
  );
  const summaries = new Map(
    [...known].map(([topic, { leaders }]) => [topic, { topic, partitions: leaders.size, offsets: 0, since: since === null ? null : 0 }]),
  );
  for (const [i, { topic }] of partitions.entries()) {
    const summary = summaries.get(topic);
    const [beginning, end, start] = [beginnings?.[i] ?? 0, ends?.[i] ?? 0, starts?.[i] ?? -1];
    if (summary === undefined) continue;
    summary.offsets += Math.max(0, end - beginning);
    // Without a start, no record is that late.
    if (summary.since !== null && start >= 0) summary.since += Math.max(0, end - start);
  }
  return [...summaries.values()];
}
