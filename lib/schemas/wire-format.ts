import type { Slice } from '../kafka/record.ts';
import type { ByteSink } from './byte-sink.ts';

/** First byte of what a schema registry's serializers write. */
const MAGIC = 0;
/** The magic byte and the schema's id, four bytes with the highest first. */
const HEADER_LENGTH = 5;

/** Writes what stands before the data. */
export function writeHeader(id: number, out: ByteSink): void {
  out.byte(MAGIC);
  out.int32(id);
}

/** The id of the schema that bytes were written with, and the data behind it; null when they do not begin as they should. */
export function readHeader({ bytes, start, end }: Slice): { id: number; payload: Slice } | null {
  if (end - start < HEADER_LENGTH || bytes[start] !== MAGIC) return null;
  return { id: bytes.readInt32BE(start + 1), payload: { bytes, start: start + HEADER_LENGTH, end } };
}
