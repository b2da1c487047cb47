import type { Cluster } from './cluster.ts';
import { listTopics } from './describe-topics.ts';

/** How long a topic that was created may stay unseen by patterns. */
const SEEN_WITHIN_MS = 30_000;

const known = new WeakMap<Cluster, { names: readonly string[]; asOf: number }>();

/** Names of all topics that may be described, sorted, internal ones left out: as they were half a minute ago, or are now. */
export async function topicNames(cluster: Cluster, deadline: number): Promise<readonly string[]> {
  const remembered = known.get(cluster);
  if (remembered !== undefined && Date.now() - remembered.asOf < SEEN_WITHIN_MS) return remembered.names;
  const names = await listTopics(cluster, deadline);
  known.set(cluster, { names, asOf: Date.now() });
  return names;
}
