import { BoundedMap } from '../../../bounded-map.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { PerCluster } from '../../cluster/per-cluster.ts';
import type { Member } from './member.ts';
import type { Row } from './row.ts';
import type { Identity } from './standing.ts';

/** Longer than the longest poll, so that the next poll finds what it left. */
const REMEMBERED_MS = 60_000;
const MOST_CONSUMERS = 1000;
/** Consumers with more partitions are not remembered. */
const MOST_ROWS = 100;

/** A consumer as its last poll in this process left it. The next poll may begin with it, while Kafka confirms it. */
export interface Remembered {
  readonly member: Member;
  readonly identity: Identity;
  /** Of all partitions that it has; it has a position in each. */
  readonly rows: readonly Row[];
  /** When its next heartbeat is due, in Unix milliseconds. */
  readonly nextBeatAt: number;
  /** False if another process has moved it meanwhile, and may do so again: reading from here would then be in vain. */
  readonly isAlone: boolean;
}

const consumers = new PerCluster(() => new BoundedMap<string, Remembered & { readonly since: number }>(MOST_CONSUMERS));

const keyOf = (group: string, name: string): string => `${group}\n${name}`;

/** Null if the consumer is not remembered. */
export function remembered(cluster: Cluster, group: string, name: string): Remembered | null {
  const known = consumers.of(cluster).get(keyOf(group, name));
  return known !== undefined && Date.now() - known.since < REMEMBERED_MS ? known : null;
}

export function remember(cluster: Cluster, group: string, name: string, consumer: Remembered): void {
  if (consumer.rows.length > MOST_ROWS) return;
  const known = consumers.of(cluster);
  const now = Date.now();
  known.set(keyOf(group, name), { ...consumer, since: now });
  for (const [oldest, { since }] of known) {
    if (now - since < REMEMBERED_MS) return;
    known.delete(oldest);
  }
}

export function forget(cluster: Cluster, group: string, name: string): void {
  consumers.of(cluster).delete(keyOf(group, name));
}
