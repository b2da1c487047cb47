import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { commitOffsets, fetchOffsets } from '../../kafka/groups/offsets.ts';
import type { Position } from '../../records/responses/cursor.ts';

/** The keeper of a reader's position: its cursor alone, or a consumer group that is committed to now, or on the next request. */
export type GroupPosition = { mode: 'at-least-once' } | { mode: 'at-most-once' | 'auto'; group: string };

/**
 * Where to go on: at the cursor, and without one where the group has come to. Where a record may come once at the most, what is
 * committed is not read again, whatever the cursor.
 */
export async function givenPositions(
  cluster: Cluster,
  delivery: GroupPosition,
  cursor: readonly Position[] | null,
  topics: readonly string[],
  deadline: number,
): Promise<readonly Position[]> {
  if (delivery.mode === 'at-least-once' || (delivery.mode === 'auto' && cursor !== null)) return cursor ?? [];
  const all = await fetchOffsets(cluster, delivery.group, null, deadline);
  const committed = all.filter(({ topic, offset }) => offset >= 0 && topics.includes(topic));
  if (cursor === null) return committed;
  const offsets = new Map(committed.map((one) => [placeOf(one), one.offset]));
  return cursor.map((one) => ({ ...one, offset: Math.max(one.offset, offsets.get(placeOf(one)) ?? 0) }));
}

/**
 * Commits, before the answer is given, what the answer gives, or what the one before gave: the client that comes with its cursor has
 * worked on that.
 *
 * @param begin where this page begins; null on a client's first
 * @throws {GatewayError} as `commitOffsets`
 */
export async function commitPage(
  cluster: Cluster,
  delivery: GroupPosition,
  begin: readonly Position[] | null,
  end: readonly Position[],
  deadline: number,
): Promise<void> {
  if (delivery.mode === 'at-least-once') return;
  const positions = delivery.mode === 'auto' ? (begin ?? []) : end;
  if (positions.length === 0) return;
  const offsets = positions.map(({ topic, partition, offset }) => ({ topic, partition, offset, metadata: null }));
  await commitOffsets(cluster, delivery.group, offsets, deadline);
}

const placeOf = ({ topic, partition }: Position): string => `${topic}@${partition}`;
