import { BoundedMap } from '../bounded-map.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { PerCluster } from '../kafka/cluster/per-cluster.ts';
import type { Row } from '../kafka/groups/membership/row.ts';
import { commitOffsets } from '../kafka/groups/offsets.ts';
import { keyOf } from '../kafka/partition-key.ts';
import { log } from '../telemetry/log.ts';
import type { StoredGroup } from './stored-group.ts';

/** What this process has committed in Kafka for a group: {@link told} of each partition, and when that last failed (Unix milliseconds). */
interface Mirrored {
  readonly offsets: Map<string, string>;
  failedAt: number;
}

/** Requests wait no longer for Kafka: what is committed is in the table. */
const MIRROR_MS = 2000;
const PAUSE_MS = 1000;
const MOST_GROUPS = 1000;

const mirrors = new PerCluster(() => new BoundedMap<string, Mirrored>(MOST_GROUPS));

/**
 * Commits in Kafka what the group has committed and Kafka does not know yet, so that tools see how far the group is. A failure does not
 * fail the request: the next one tries again.
 */
export async function mirror(cluster: Cluster, name: string, group: StoredGroup, deadline: number): Promise<void> {
  const known = mirrorOf(cluster, name);
  const due = group.rows().filter((row) => !row.isMirrored && row.committed >= 0 && known.offsets.get(keyOf(row)) !== told(group, row));
  if (due.length === 0 || known.failedAt + PAUSE_MS > Date.now()) return;
  const offsets = due.map(({ topic, partition, committed: offset, metadata }) => ({ topic, partition, offset, metadata }));
  try {
    await commitOffsets(cluster, name, offsets, Math.min(deadline, Date.now() + MIRROR_MS));
    for (const row of due) known.offsets.set(keyOf(row), told(group, row));
    known.failedAt = 0;
  } catch (error) {
    known.failedAt = Date.now();
    log.warn('commits_not_mirrored', 'Commits of consumers could not be made in Kafka', { group: name, error });
  }
}

/** Notes in a group what this process has committed in Kafka. */
export function noteMirrored(cluster: Cluster, name: string, group: StoredGroup): void {
  const { offsets } = mirrorOf(cluster, name);
  for (const row of group.rows()) {
    if (!row.isMirrored && offsets.get(keyOf(row)) === told(group, row)) group.putMirrored(row);
  }
}

/** Deleting a topic deletes its commits: the same commit for a recreated topic is another one. */
const told = (group: StoredGroup, { topic, committed, metadata }: Row): string => `${group.ids.get(topic) ?? ''} ${committed} ${metadata}`;

function mirrorOf(cluster: Cluster, name: string): Mirrored {
  const groups = mirrors.of(cluster);
  const known = groups.get(name) ?? { offsets: new Map(), failedAt: 0 };
  groups.set(name, known); // so that it is the newest
  return known;
}
