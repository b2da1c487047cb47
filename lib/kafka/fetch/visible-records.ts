import type { StoredRecord } from '../record.ts';

/** Which records of a topic the caller may see; null for all. Every reader requires it, so that none can forget to ask. */
export type VisibleRecords = (topic: string) => ((record: StoredRecord) => boolean) | null;

/** For what the gateway reads for itself, and passes on to nobody. */
export const allVisible: VisibleRecords = () => null;

type Filter = ((record: StoredRecord) => boolean) | null;

/** The records that pass both; the second filter sees no record that the first one hides. */
export const bothOf = (first: Filter, second: Filter): Filter =>
  first === null || second === null ? (first ?? second) : (record) => first(record) && second(record);
