import type { StoredRecord } from '../record.ts';

/** Says of a topic which of its records whoever asks may see at all; null for all. Every reader is told, so that none forgets to ask. */
export type VisibleRecords = (topic: string) => ((record: StoredRecord) => boolean) | null;

/** For what the gateway reads for itself, and hands on to nobody. */
export const allVisible: VisibleRecords = () => null;

type Filter = ((record: StoredRecord) => boolean) | null;

/** Those that pass both; the second one sees no record that the first one hides. */
export const bothOf = (first: Filter, second: Filter): Filter =>
  first === null || second === null ? (first ?? second) : (record) => first(record) && second(record);
