import type { Cluster } from '../kafka/cluster/cluster.ts';
import type { ReadPosition } from '../kafka/fetch/reading.ts';
import { joinTail, type SharedSource, sharedPages } from './shared-tail.ts';
import type { TailPage } from './tail.ts';

/** A page without what its reader has already read. */
export type ReadFurther = Pick<TailPage, 'gaps' | 'begin' | 'next'> & {
  readings: readonly Pick<TailPage['readings'][number], 'topic' | 'partition' | 'offset' | 'records' | 'incarnation'>[];
};

/**
 * Pages from positions on. The reader first reads alone, until it has caught up with a tail that others share; then it shares that tail.
 * If the shared tail has other partitions, the reader stays alone.
 *
 * @param kind identifies what the shared tail reads, and how
 * @param alone opens a tail of the reader's own
 */
export async function* catchUp(
  start: readonly ReadPosition[],
  shared: { cluster: Cluster; kind: string; source: SharedSource },
  alone: (start: readonly ReadPosition[]) => AsyncGenerator<TailPage, void>,
  stops: readonly AbortSignal[],
): AsyncGenerator<ReadFurther, void> {
  const seat = await joinTail(shared.cluster, shared.kind, shared.source);
  const theirs = new Map(seat.position.map((position) => [keyOf(position), position.offset]));
  if (theirs.size !== start.length || start.some((position) => !theirs.has(keyOf(position)))) {
    seat.leave();
    yield* alone(start);
    return;
  }
  const mine = new Map(start.map((position) => [keyOf(position), position.offset]));
  const isStopped = () => stops.some(({ aborted }) => aborted);
  const pages = sharedPages(seat, alone, stops);
  try {
    const behind = start.map((position) => ({ ...position, until: theirs.get(keyOf(position)) ?? position.offset }));
    for await (const page of alone(behind)) {
      yield page;
      for (const position of page.next) mine.set(keyOf(position), position.offset);
    }
    if (isStopped()) return;
    for await (const page of pages) yield without(page, mine);
  } finally {
    // `pages.return()` alone does not give up the seat if no page was requested yet.
    seat.leave();
    await pages.return();
  }
}

/** The page without what the reader has read before. */
function without(page: TailPage, read: ReadonlyMap<string, number>): ReadFurther {
  const offsetOf = (position: Place & { offset: number }): number => Math.max(position.offset, read.get(keyOf(position)) ?? 0);
  if (page.begin.every((position) => offsetOf(position) === position.offset)) return page;
  const moved = <P extends Place & { offset: number }>(position: P): P => ({ ...position, offset: offsetOf(position) });
  return {
    gaps: page.gaps,
    begin: page.begin.map(moved),
    next: page.next.map(moved),
    readings: page.readings.map((reading) => ({
      topic: reading.topic,
      partition: reading.partition,
      offset: offsetOf(reading),
      incarnation: reading.incarnation,
      records: reading.records.filter(({ offset }) => offset >= (read.get(keyOf(reading)) ?? 0)),
    })),
  };
}

type Place = Pick<ReadPosition, 'topic' | 'partition' | 'incarnation'>;

/** Offsets of topics of one name say nothing about each other. */
const keyOf = ({ topic, partition, incarnation = '' }: Place): string => `${partition} ${topic} ${incarnation}`;
