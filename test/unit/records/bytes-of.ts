import type { Slice } from '../../../lib/kafka/record.ts';

/** The bytes of a slice by themselves. */
export const bytesOf = (slice: Slice | null): Buffer | null => (slice === null ? null : slice.bytes.subarray(slice.start, slice.end));

/** The bytes of a slice as text. */
export const textOf = (slice: Slice | null): string | null =>
  slice === null ? null : slice.bytes.toString('utf8', slice.start, slice.end);
