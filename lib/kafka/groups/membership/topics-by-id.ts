import { BoundedMap } from '../../../bounded-map.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { FullMember } from '../../protocol/consumer-group-describe.ts';

const MOST_NAMES = 10_000;

/** Names of topics by their ids. Kafka never uses an id for another topic. */
const names = new WeakMap<Cluster, BoundedMap<string, string>>();

/** The name of a topic, by its id; undefined if no member with that topic was seen. */
export const topicNamed = (cluster: Cluster, id: string): string | undefined => names.get(cluster)?.get(id);

/** Remembers the topics that members of a group have, or are to get. */
export function learnTopics(cluster: Cluster, members: readonly FullMember[]): void {
  const known = names.get(cluster) ?? new BoundedMap<string, string>(MOST_NAMES);
  names.set(cluster, known);
  for (const { assignment, target } of members) {
    for (const { topicId, topic } of [...assignment, ...target]) known.set(topicId, topic);
  }
}
