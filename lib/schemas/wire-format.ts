import { type Header, type Slice, whole } from '../kafka/record.ts';
import type { ByteSink } from './byte-sink.ts';

/** The first byte that a registry's serializers write. */
const MAGIC = 0;
/** The magic byte and the schema's id, in four bytes, big-endian. */
const HEADER_LENGTH = 5;
/** The first byte of a record header with a GUID. */
const GUID_MAGIC = 1;
/** The magic byte and the GUID. */
const GUID_LENGTH = 17;

/** The key of a schema: its id, or its GUID, which is the same in every registry. */
export type SchemaKey = number | string;

/** Bytes, and the key of the schema that they were written with. */
export interface Framed {
  key: SchemaKey;
  payload: Slice;
}

/** Confluent's name of the record header with the schema of the key or the value. */
const schemaHeaderName = (side: 'key' | 'value'): string => `__${side}_schema_id`;

/** Writes the prefix of the data. */
export function writeHeader(id: number, out: ByteSink): void {
  out.byte(MAGIC);
  out.int32(id);
}

/** The schema id in a prefix, and the data after it; null when the bytes do not begin with a prefix. */
export function readHeader({ bytes, start, end }: Slice): { id: number; payload: Slice } | null {
  if (end - start < HEADER_LENGTH || bytes[start] !== MAGIC) return null;
  return { id: bytes.readInt32BE(start + 1), payload: { bytes, start: start + HEADER_LENGTH, end } };
}

/**
 * The schema of a key or value: from a header of the record, else from the prefix of the bytes; null without one.
 *
 * After the GUID in the header come Protobuf's message indexes, which otherwise precede the data.
 */
export function readFrame(slice: Slice, headers: readonly Header[] | null, side: 'key' | 'value'): Framed | null {
  const name = schemaHeaderName(side);
  const header = headers?.findLast(({ key }) => key === name)?.value ?? null;
  const inHeader = header === null ? null : frameInHeader(header, slice);
  if (inHeader !== null) return inHeader;
  const prefix = readHeader(slice);
  return prefix === null ? null : { key: prefix.id, payload: prefix.payload };
}

function frameInHeader(header: Buffer, data: Slice): Framed | null {
  if (header[0] === MAGIC && header.length >= HEADER_LENGTH)
    return { key: header.readInt32BE(1), payload: behind(header, HEADER_LENGTH, data) };
  if (header[0] !== GUID_MAGIC || header.length < GUID_LENGTH) return null;
  return { key: guidOf(header.subarray(1, GUID_LENGTH)), payload: behind(header, GUID_LENGTH, data) };
}

function behind(header: Buffer, length: number, data: Slice): Slice {
  if (header.length === length) return data;
  return whole(Buffer.concat([header.subarray(length), data.bytes.subarray(data.start, data.end)]));
}

const guidOf = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a header can hold a registry's GUID. */
export const isGuid = (text: string | null): text is string => text !== null && GUID.test(text);

/**
 * The record header with a schema's GUID, as Confluent's HeaderSchemaIdSerializer writes it.
 *
 * @param indexes Protobuf's message indexes, which are in the header and not before the data; empty for other formats
 */
export const schemaHeader = (side: 'key' | 'value', guid: string, indexes: Uint8Array): Header => ({
  key: schemaHeaderName(side),
  value: Buffer.concat([Buffer.from([GUID_MAGIC]), Buffer.from(guid.replaceAll('-', ''), 'hex'), indexes]),
});
