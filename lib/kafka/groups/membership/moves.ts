import { movedMeanwhile } from '../../../messages/consumers.ts';
import { keyOf } from '../../partition-key.ts';
import type { ConsumerOptions, PlacePosition, WantedRecords } from './coordinator.ts';
import { ownRow, type Replay, type Row } from './row.ts';

/** What a poll changes in a partition. */
export interface Move {
  /** As it was when the poll began. */
  readonly row: Row;
  readonly position: number;
  /** Null if the poll commits nothing there. */
  readonly committed: number | null;
  readonly replay: Replay | null;
}

interface Polled {
  readonly reader: string;
  /** Of `pollKey`; null without a `poll_id`. */
  readonly poll: string | null;
  readonly options: ConsumerOptions;
  /** Whether it hands out no record: there is nothing to repeat. */
  readonly isEmpty: boolean;
  readonly rowOf: (position: PlacePosition) => Row;
  /**
   * Whether a poll with a `poll_id` that moves one partition writes all that it read. This replaces what another process, which died, may
   * write for the same poll at the same time, so that it does not count as received.
   */
  readonly writesAll: boolean;
}

/** With more partitions, a poll only writes those that it moves. */
const MOST_UNMOVED = 100;

/**
 * Where a consumer continues after a poll, and what the poll commits automatically: what the poll before has handed out. Leaves out
 * partitions that do not change.
 */
export function movesOf({ positions }: WantedRecords, next: readonly PlacePosition[], polled: Polled): Move[] {
  const { reader, poll, options, isEmpty, rowOf, writesAll } = polled;
  const ends = new Map(next.map((one) => [keyOf(one), one.offset]));
  const all = positions.map((from): Move & { isChange: boolean } => {
    const row = rowOf(from);
    const isOurs = row.reader === reader && row.position !== null;
    const isReplay = poll !== null && isOurs && row.replay?.poll === poll;
    const position = ends.get(keyOf(from)) ?? from.offset;
    const committed = options.autoCommit && isOurs ? from.offset : null;
    const isChange = !isOurs || position !== row.position || (committed !== null && committed !== row.committed);
    const begun = isEmpty || poll === null ? null : { poll, from: from.offset };
    const replay = isReplay || poll === null ? row.replay : begun;
    return { row, position, committed, replay: isOurs || poll !== null ? replay : null, isChange };
  });
  const changes = all.filter(({ isChange }) => isChange);
  return writesAll && poll !== null && changes.length > 0 && all.length <= MOST_UNMOVED ? all : changes;
}

/**
 * Checks the moves of a repetition that a later request has overtaken: it changes nothing. Whoever repeated the same poll later may have
 * received all of what it finds a part of.
 *
 * @throws {GatewayError} Conflict when it finds a part only
 */
export function mustMoveNothing(moves: readonly Move[]): void {
  if (moves.some(({ row, position }) => position !== row.position)) throw movedMeanwhile();
}

/** A row after a move, made from its newest version. */
export const movedRow = (newest: Row, { position, committed, replay }: Move, reader: string, byHand: boolean): Row => ({
  ...{ ...ownRow(newest, reader), position, replay, byHand },
  committed: committed ?? newest.committed,
});
