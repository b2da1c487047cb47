import type { GatewayError } from '../../errors.ts';
import type { AskForTopics, Cluster } from '../cluster/cluster.ts';
import { eachTopic, knownTopics } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import { metadataFrom } from '../protocol/metadata.ts';
import { metadataWithIds } from '../protocol/metadata-with-ids.ts';

/**
 * As {@link eachTopic}, with ids as new as the metadata, in the same request. Ids are empty if brokers tell none.
 *
 * @param newerThan metadata from before this time is too old (Unix milliseconds)
 */
export const eachTopicWithId = (
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan: number,
): Promise<Map<string, KnownTopic | GatewayError>> => eachTopic(cluster, names, deadline, newerThan, askWithIds);

/** As {@link knownTopics}, with ids as new as the metadata, in the same request. Ids are empty if brokers tell none. */
export const knownTopicsWithIds = (
  cluster: Cluster,
  names: readonly string[],
  deadline: number,
  newerThan: number,
): Promise<Map<string, KnownTopic>> => knownTopics(cluster, names, deadline, newerThan, askWithIds);

/** Asks for topics with their ids. An empty id records that the broker tells none, so that it is not asked for ids again. */
export const askWithIds: AskForTopics = async (connection, names, timeoutMs) => {
  const request = metadataWithIds(names);
  if (connection.speaks(request)) return connection.send(request, timeoutMs);
  const answer = await connection.send(metadataFrom(connection, names), timeoutMs);
  return { ...answer, topics: answer.topics.map((topic) => ({ ...topic, id: '' })) };
};
