import { isAsItWas, isReplayOf, type Row } from './row.ts';
import { isSameTerm, type Term } from './term.ts';

/** What a poll reads from. */
export interface ReadFrom {
  readonly rows: readonly Row[];
  /** Null also where one of the rows has the term. */
  readonly term: Term | null;
}

/**
 * Whether another poll was answered since this one has read: then nobody waits for this one, or it is answered without records.
 *
 * @param before what it has read from
 * @param now the same partitions in the same order
 * @param poll of `pollKey`; null without a `poll_id`
 */
export function isOvertaken(before: ReadFrom, now: ReadFrom, reader: string, poll: string | null): boolean {
  // This poll was here before, in a process whose answer did not arrive.
  if (now.rows.some((row) => row.reader === reader && isReplayOf(row, poll))) return false;
  if (!isSameTerm(before.term, now.term)) return true;
  return before.rows.some((row, i) => !isAsItWas(row, now.rows[i]) || !isSameTerm(row.term, now.rows[i].term));
}
