import type { PlacePosition, WantedRecords } from './coordinator.ts';
import { keyOf, type Row } from './row.ts';
import type { Term } from './term.ts';

/** Whether a poll may take records: one that repeats what was handed out before takes none, nor does one that reads nothing. */
export const mayTake = ({ positions }: WantedRecords): boolean => positions.length > 0 && !Number.isFinite(positions[0].until);

/** The partition whose row has the term of a poll that may take records: the first of those that it reads. Null for other polls. */
export function placeOfTerm(wanted: WantedRecords): PlacePosition | null {
  if (!mayTake(wanted)) return null;
  const { positions } = wanted;
  let [first] = positions;
  for (const one of positions) {
    if (one.partition < first.partition || (one.partition === first.partition && one.topic < first.topic)) first = one;
  }
  return first;
}

/** The term in a row, if the row is this reader's. */
export const termIn = (row: Row, reader: string): Term | null => (row.reader === reader ? row.term : null);

/** Sets the term in a row that may be among those that are written anyway. A row that the reader has lost stays as it is. */
export function setTerm(rows: Row[], row: Row, reader: string, term: Term): void {
  const at = rows.findIndex((one) => keyOf(one) === keyOf(row));
  if (at >= 0) rows[at] = { ...rows[at], term };
  else if (row.reader === reader) rows.push({ ...row, term });
}
