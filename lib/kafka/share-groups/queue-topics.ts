import { topicNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { knownTopic } from '../cluster/known-topics.ts';
import { PerCluster } from '../cluster/per-cluster.ts';
import { again } from '../cluster/retry.ts';
import { kafkaError, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import { metadataWithIds } from '../protocol/metadata-with-ids.ts';
import { requireShareGroups } from './support.ts';

/** A topic as share groups know it. */
export interface QueueTopic {
  name: string;
  /** 32 hexadecimal digits; a topic that is recreated gets another id. */
  id: string;
  partitions: number[];
}

const ANSWER_MS = 2500;
const ids = new PerCluster(() => new Map<string, string>());

/**
 * Topics with their ids and their present partitions.
 *
 * @throws {GatewayError} NotSupported, TopicNotFound, Forbidden, KafkaUnavailable …
 */
export async function queueTopics(cluster: Cluster, names: readonly string[], deadline: number, newerThan = 0): Promise<QueueTopic[]> {
  const leaders = await Promise.all(names.map((name) => knownTopic(cluster, name, deadline, newerThan)));
  const known = ids.of(cluster);
  const asked = names.filter((name) => newerThan > 0 || !known.has(name));
  if (asked.length > 0) await again(deadline, () => learnIds(cluster, asked, known));
  return names.map((name, i) => ({ name, id: known.get(name) ?? '', partitions: [...leaders[i].leaders.keys()].sort((a, b) => a - b) }));
}

async function learnIds(cluster: Cluster, names: readonly string[], known: Map<string, string>): Promise<void> {
  const connection = await cluster.anyBroker();
  // Brokers that do not tell ids do not have share groups either.
  requireShareGroups(connection);
  const { topics } = await connection.send(metadataWithIds(names), ANSWER_MS);
  for (const { name, error, id } of topics) {
    if (error === UNKNOWN_TOPIC_OR_PARTITION) throw topicNotFound(name);
    if (error !== NONE) throw kafkaError(error);
    known.set(name, id ?? '');
  }
}
