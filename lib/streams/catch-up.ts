import type { Cluster } from '../kafka/cluster/cluster.ts';
import type { ReadPosition } from '../kafka/fetch/reading.ts';
import { joinTail, type SharedSource, sharedPages } from './shared-tail.ts';
import type { TailPage } from './tail.ts';

/** A page, of which its reader may have read some already. */
export type ReadFurther = Pick<TailPage, 'gaps' | 'begin' | 'next'> & {
  readings: readonly Pick<TailPage['readings'][number], 'topic' | 'partition' | 'offset' | 'records'>[];
};

/**
 * Pages from positions on: read alone until a tail that others read as well is caught up with, and then with them. A reader of other
 * partitions than theirs stays alone.
 *
 * @param kind names what is read, and how
 * @param alone a tail of the reader's own
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
    // Pages that nobody has asked for yet would not give it back.
    seat.leave();
    await pages.return();
  }
}

/** The page without what was read before it. */
function without(page: TailPage, read: ReadonlyMap<string, number>): ReadFurther {
  const offsetOf = (position: { topic: string; partition: number; offset: number }): number =>
    Math.max(position.offset, read.get(keyOf(position)) ?? 0);
  if (page.begin.every((position) => offsetOf(position) === position.offset)) return page;
  const moved = <P extends { topic: string; partition: number; offset: number }>(position: P): P => ({
    ...position,
    offset: offsetOf(position),
  });
  return {
    gaps: page.gaps,
    begin: page.begin.map(moved),
    next: page.next.map(moved),
    readings: page.readings.map((reading) => ({
      topic: reading.topic,
      partition: reading.partition,
      offset: offsetOf(reading),
      records: reading.records.filter(({ offset }) => offset >= (read.get(keyOf(reading)) ?? 0)),
    })),
  };
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${partition} ${topic}`;
