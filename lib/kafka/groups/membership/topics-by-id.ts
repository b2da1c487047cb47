import type { Cluster } from '../../cluster/cluster.ts';
import type { FullMember } from '../../protocol/consumer-group-describe.ts';

const MOST_NAMES = 10_000;

/** Names of topics by their ids. Kafka never uses an id for another topic. */
const names = new WeakMap<Cluster, Map<string, string>>();

/** The name of a topic, by its id; undefined if no member with that topic was seen. */
export const topicNamed = (cluster: Cluster, id: string): string | undefined => names.get(cluster)?.get(id);

/** Remembers the topics that members of a group have, or are to get. */
export function learnTopics(cluster: Cluster, members: readonly FullMember[]): void {
  const known = names.get(cluster) ?? new Map<string, string>();
  names.set(cluster, known);
  for (const { assignment, target } of members) {
    for (const { topicId, topic } of [...assignment, ...target]) {
      known.delete(topicId); // so that it comes last: it is looked for next
      known.set(topicId, topic);
    }
  }
  for (const topicId of known.keys()) {
    if (known.size <= MOST_NAMES) break;
    known.delete(topicId);
  }
}
