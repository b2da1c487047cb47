import { BoundedMap } from '../../../bounded-map.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { PerCluster } from '../../cluster/per-cluster.ts';
import type { FullMember } from '../../protocol/consumer-group-describe.ts';

const MOST_NAMES = 10_000;

/** Names of topics by their ids. Kafka never uses an id for another topic. */
const names = new PerCluster(() => new BoundedMap<string, string>(MOST_NAMES));

/** The name of a topic, by its id; undefined if no member with that topic was seen. */
export const topicNamed = (cluster: Cluster, id: string): string | undefined => names.of(cluster).get(id);

/** Remembers the topics that members of a group have, or are to get. */
export function learnTopics(cluster: Cluster, members: readonly FullMember[]): void {
  const known = names.of(cluster);
  for (const { assignment, target } of members) {
    for (const { topicId, topic } of [...assignment, ...target]) known.set(topicId, topic);
  }
}
