import { topicNotFound } from '../../messages/topics.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE, UNKNOWN_TOPIC_OR_PARTITION } from '../error-codes.ts';
import type { Cluster } from './cluster.ts';
import type { KnownTopic } from './learn-topic.ts';
import { again } from './retry.ts';

/** A topic that was deleted so lately may have been made again, and not every broker have heard of it. */
const LATELY_MS = 30_000;
/** How long it is looked for then. */
const LOOK_MS = 500;

/**
 * A topic's partitions and their leaders, from what is known or from Kafka. A topic that does not exist is found out within one round
 * trip, unless this process has used it lately; while no broker answers, they are asked again until the deadline (Unix milliseconds).
 *
 * @param newerThan metadata from before this time does not do (Unix milliseconds)
 * @throws {GatewayError} TopicNotFound, Forbidden, KafkaUnavailable, KafkaAuthentication …
 */
export async function knownTopic(cluster: Cluster, name: string, deadline: number, newerThan = 0): Promise<KnownTopic> {
  const known = freshTopic(cluster, name);
  if (known !== undefined && known.asOf >= newerThan) return known;
  const began = Date.now();
  return again(deadline, async () => {
    await cluster.refresh([name], newerThan);
    const topic = cluster.known(name);
    if (topic === undefined || topic.error === UNKNOWN_TOPIC_OR_PARTITION) {
      const lately = began - (topic?.missingSince ?? 0) < LATELY_MS;
      throw lately && Date.now() - began < LOOK_MS ? kafkaError(LEADER_NOT_AVAILABLE) : topicNotFound(name);
    }
    refuseUnusable(topic, newerThan);
    return topic;
  });
}

/**
 * The same for several topics, in one request for those that are not known; those that do not exist are left out.
 *
 * @param newerThan metadata from before this time does not do (Unix milliseconds)
 * @throws {GatewayError} Forbidden when one of them may not be described, KafkaUnavailable …
 */
export async function knownTopics(
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan = 0,
): Promise<Map<string, KnownTopic>> {
  const unknown = names.filter((name) => (freshTopic(cluster, name)?.asOf ?? -1) < newerThan);
  if (unknown.length === 0) return existing(cluster, names, newerThan);
  return again(deadline, async () => {
    await cluster.refresh(unknown, newerThan);
    return existing(cluster, names, newerThan);
  });
}

function existing(cluster: Cluster, names: readonly string[], newerThan: number): Map<string, KnownTopic> {
  const found = new Map<string, KnownTopic>();
  for (const name of names) {
    const topic = cluster.known(name);
    if (topic === undefined || topic.error === UNKNOWN_TOPIC_OR_PARTITION) continue;
    refuseUnusable(topic, newerThan);
    found.set(name, topic);
  }
  return found;
}

/** What is kept of a topic while it may be deleted, or made anew, is not new. */
function refuseUnusable({ error, leaders, missingSince }: KnownTopic, newerThan: number): void {
  const isOld = newerThan > 0 && missingSince !== null;
  if (error !== NONE && (leaders.size === 0 || isOld)) throw kafkaError(error);
}

/** A topic's partitions and their leaders if they are known and need not be asked for. */
export function freshTopic(cluster: Cluster, name: string): KnownTopic | undefined {
  const known = cluster.known(name);
  return known !== undefined && cluster.isFresh(known) ? known : undefined;
}
