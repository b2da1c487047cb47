import type { Slice, StoredRecord } from '../record.ts';

/** Copies a record into bytes of its own, so that it does not keep everything around it in memory. */
export function copyRecord(record: StoredRecord): StoredRecord {
  const headers = record.headers?.map(({ key, value }) => ({ key, value: value && Buffer.from(value) })) ?? null;
  return { ...record, key: copied(record.key), value: copied(record.value), headers };
}

function copied(slice: Slice | null): Slice | null {
  if (slice === null) return null;
  const bytes = Buffer.from(slice.bytes.subarray(slice.start, slice.end));
  return { bytes, start: 0, end: bytes.length };
}
