import type { ConsumerOptions, PlacePosition, WantedRecords } from './coordinator.ts';
import { keyOf, type Replay, type Row } from './row.ts';

/** What a poll changes of a partition. */
export interface Move {
  /** As it was when the poll began. */
  readonly row: Row;
  readonly position: number;
  /** Null where nothing is committed by it. */
  readonly committed: number | null;
  readonly replay: Replay | null;
}

interface Polled {
  readonly reader: string;
  /** Of the poll; null where it has no name. */
  readonly poll: string | null;
  readonly options: ConsumerOptions;
  readonly rowOf: (position: PlacePosition) => Row;
  /**
   * Whether a poll with a name that moves one partition writes all that it read: what another process, which died, may write of the same
   * poll at the same time is replaced then, and nobody is taken to have received it.
   */
  readonly writesAll: boolean;
}

/** With more partitions, a poll writes those alone that it moves. */
const MOST_UNMOVED = 100;

/**
 * Where a consumer goes on after a poll, and what is committed automatically with it: what the poll before has handed out. Partitions of
 * which nothing changes are left out.
 */
export function movesOf({ positions }: WantedRecords, next: readonly PlacePosition[], polled: Polled): Move[] {
  const { reader, poll, options, rowOf, writesAll } = polled;
  const ends = new Map(next.map((one) => [keyOf(one), one.offset]));
  const all = positions.map((from): Move & { isChange: boolean } => {
    const row = rowOf(from);
    const isOurs = row.reader === reader && row.position !== null;
    const isReplay = poll !== null && isOurs && row.replay?.poll === poll;
    const position = ends.get(keyOf(from)) ?? from.offset;
    const committed = options.autoCommit && isOurs ? from.offset : null;
    const isChange = !isOurs || position !== row.position || (committed !== null && committed !== row.committed);
    const replay = isReplay || poll === null ? row.replay : { poll, from: from.offset };
    return { row, position, committed, replay: isOurs || poll !== null ? replay : null, isChange };
  });
  const changes = all.filter(({ isChange }) => isChange);
  return writesAll && poll !== null && changes.length > 0 && all.length <= MOST_UNMOVED ? all : changes;
}

/** A row after a move, as it is by now. */
export const movedRow = (newest: Row, { position, committed, replay }: Move, reader: string, byHand: boolean): Row => ({
  ...{ ...newest, reader, position, replay, byHand },
  committed: committed ?? newest.committed,
});
