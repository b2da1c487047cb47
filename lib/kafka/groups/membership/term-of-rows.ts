import { keyOf } from '../../partition-key.ts';
import type { Place, PlacePosition, WantedRecords } from './coordinator.ts';
import { ownRow, type Row } from './row.ts';
import { type Term, termAfter } from './term.ts';

/** Who moves the rows of a consumer. */
interface Mover {
  readonly reader: string;
  /** Whether its partitions are assigned by hand. */
  readonly byHand: boolean;
  /** When the request arrived, in Unix milliseconds. */
  readonly since: number;
}

/** Whether a poll repeats what was handed out before. */
export const isRepetition = ({ positions }: WantedRecords): boolean => positions.length > 0 && Number.isFinite(positions[0].until);

/** Whether a poll may take records: one that repeats what was handed out before takes none, nor does one that reads nothing. */
export const mayTake = (wanted: WantedRecords): boolean => wanted.positions.length > 0 && !isRepetition(wanted);

/** The partition whose row has the term of a poll that may take records: the first of those that it reads. Null for other polls. */
export const placeOfTerm = (wanted: WantedRecords): PlacePosition | null => (mayTake(wanted) ? firstOf(wanted.positions) : null);

function firstOf<One extends Place>(places: readonly One[]): One | null {
  let [first] = places;
  for (const one of places) {
    if (one.partition < first.partition || (one.partition === first.partition && one.topic < first.topic)) first = one;
  }
  return first ?? null;
}

/** The term in a row, if the row is this reader's. */
export const termIn = (row: Row, reader: string): Term | null => (row.reader === reader ? row.term : null);

/** Sets the term in a row that may be among those that are written anyway. A row that the reader has lost stays as it is. */
export function setTerm(rows: Row[], row: Row, reader: string, term: Term): void {
  const at = rows.findIndex((one) => keyOf(one) === keyOf(row));
  if (at >= 0) rows[at] = { ...rows[at], term };
  else if (row.reader === reader) rows.push({ ...row, term });
}

/**
 * Adds to the rows that a request writes which moves the consumer that polls from before it take nothing.
 *
 * @param places all partitions that the consumer has
 * @param since when the request arrived, in Unix milliseconds
 */
export function setTermAfter(rows: Row[], places: readonly Place[], rowOf: (place: Place) => Row, { reader, byHand, since }: Mover): void {
  const first = firstOf(places);
  if (first === null) return;
  const row = { ...ownRow(rowOf(first), reader), byHand };
  setTerm(rows, row, reader, termAfter(row.term, since));
}
