import type { GatewayError } from '../../errors.ts';
import type { AskForTopics, Cluster } from '../cluster/cluster.ts';
import { eachTopic } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import { metadata } from '../protocol/metadata.ts';
import { metadataWithIds } from '../protocol/metadata-with-ids.ts';

/**
 * As {@link eachTopic}, with ids that are as young, in the same request. They are empty where brokers tell none.
 *
 * @param newerThan metadata from before this time does not do (Unix milliseconds)
 */
export const eachTopicWithId = (
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan: number,
): Promise<Map<string, KnownTopic | GatewayError>> => eachTopic(cluster, names, deadline, newerThan, ask);

/** A broker that does not tell them has said so then, and is not asked again for that. */
const ask: AskForTopics = async (connection, names, timeoutMs) => {
  const request = metadataWithIds(names);
  if (connection.speaks(request)) return connection.send(request, timeoutMs);
  const answer = await connection.send(metadata(names), timeoutMs);
  return { ...answer, topics: answer.topics.map((topic) => ({ ...topic, id: '' })) };
};
