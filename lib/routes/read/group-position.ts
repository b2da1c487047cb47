import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { commitForward, commitOffsets, fetchOffsets } from '../../kafka/groups/offsets.ts';
import type { Position } from '../../records/responses/cursor.ts';

/**
 * What keeps a reader's position: its cursor alone (at-least-once), or a consumer group, which commits a page before it is sent
 * (at-most-once) or with the next request (auto).
 */
export type GroupPosition = { mode: 'at-least-once' } | { mode: 'at-most-once' | 'auto'; group: string };

/**
 * Where to continue: at the cursor; without one, at the group's committed offsets. With at-most-once, a committed record is never read
 * again, whatever the cursor says.
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
 * Commits before the response is sent: with at-most-once the end of this page; with auto its beginning, because a client that sends a
 * cursor has processed the page before it. An end that is late, as its client has gone and another request read on, moves the group back to
 * nothing that was read.
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
  const [positions, commit] = delivery.mode === 'auto' ? [begin ?? [], commitOffsets] : [end, commitForward];
  if (positions.length === 0) return;
  const offsets = positions.map(({ topic, partition, offset }) => ({ topic, partition, offset, metadata: null }));
  await commit(cluster, delivery.group, offsets, deadline);
}

const placeOf = ({ topic, partition }: Position): string => `${topic}@${partition}`;
