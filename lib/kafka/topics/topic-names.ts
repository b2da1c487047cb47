import type { Cluster } from '../cluster/cluster.ts';
import { listTopics } from './describe-topics.ts';

/** How long a new topic may stay unseen by patterns. */
const SEEN_WITHIN_MS = 30_000;

const known = new WeakMap<Cluster, { names: readonly string[]; asOf: number }>();

/**
 * Names of all topics that may be described, sorted, without internal ones: at most half a minute old.
 *
 * @param newerThan names from before this time are too old (Unix milliseconds)
 */
export async function topicNames(cluster: Cluster, deadline: number, newerThan = Date.now() - SEEN_WITHIN_MS): Promise<readonly string[]> {
  const remembered = known.get(cluster);
  if (remembered !== undefined && remembered.asOf >= newerThan) return remembered.names;
  const asOf = Date.now();
  const names = await listTopics(cluster, deadline);
  known.set(cluster, { names, asOf });
  return names;
}
