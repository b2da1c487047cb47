import type { Slice } from '../../kafka/record.ts';

/** The length of the header that schema registries' serializers put before a value: the byte 0 and the schema's id in four bytes. */
const LENGTH = 5;

/** The slice without a schema registry's header; unchanged when it does not begin with one. */
export function withoutSchemaHeader(slice: Slice | null): Slice | null {
  if (slice === null || slice.end - slice.start < LENGTH || slice.bytes[slice.start] !== 0) return slice;
  return { bytes: slice.bytes, start: slice.start + LENGTH, end: slice.end };
}
