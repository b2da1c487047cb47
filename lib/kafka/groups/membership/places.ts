import { placeNotOwned, placeTaken } from '../../../messages/consumers.ts';
import { partitionNotFound, topicNotFound } from '../../../messages/topics.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { knownTopics } from '../../cluster/known-topics.ts';
import type { Place } from './coordinator.ts';
import { type Row, without } from './row.ts';

/**
 * The topics of partitions that a consumer is about to get.
 *
 * @param newerThan metadata from before this time is too old (Unix milliseconds)
 * @throws {GatewayError} TopicNotFound, PartitionNotFound
 */
export async function topicsThere(cluster: Cluster, places: readonly Place[], deadline: number, newerThan = Date.now()): Promise<string[]> {
  const topics = [...new Set(places.map(({ topic }) => topic))];
  const known = await knownTopics(cluster, topics, deadline, newerThan);
  for (const { topic, partition } of places) {
    const leaders = known.get(topic)?.leaders;
    if (leaders === undefined) throw topicNotFound(topic);
    if (!leaders.has(partition)) throw partitionNotFound(topic, partition, leaders.size);
  }
  return topics;
}

/** @throws {GatewayError} for a partition that another live consumer of the group was assigned by hand */
export function mustBeFree(places: readonly Place[], rowOf: (place: Place) => Row, reader: string, readers: ReadonlySet<string>): void {
  const taken = places.find((place) => {
    const row = rowOf(place);
    return row.byHand && row.reader !== reader && readers.has(row.reader);
  });
  if (taken !== undefined) throw placeTaken(taken.topic, taken.partition);
}

/** @throws {GatewayError} for a partition that the consumer does not have */
export function mustOwn(own: readonly Place[], places: readonly Place[]): void {
  const [other] = without(places, own);
  if (other !== undefined) throw placeNotOwned(other.topic, other.partition);
}
