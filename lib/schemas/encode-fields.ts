import type { Header, Slice } from '../kafka/record.ts';
import { dataMisfit } from '../messages/schemas.ts';
import type { ParsedRecord } from '../records/requests/produce-record.ts';
import { ByteSink } from './byte-sink.ts';
import { Misfit } from './misfit.ts';
import { readMessageIndexes } from './protobuf/message-indexes.ts';
import type { ChosenSchema } from './schema-codecs.ts';
import { schemaHeader, writeHeader } from './wire-format.ts';

/** A key or a value of a record that is to be written. */
export type Side = 'key' | 'value';

/** The parts of a record that encoding changes. */
interface EncodedRecord {
  key: Slice | null;
  value: Slice | null;
  headers: readonly Header[] | null;
}

/**
 * Replaces the JSON text of keys or values, or bytes that are already encoded with the schema, by bytes with the schema's id. Null stays
 * null: no key, a tombstone.
 *
 * @param schemaOf the schema of a topic; records of a topic without one stay as they are
 * @throws {GatewayError} InvalidRecord with the path of what does not fit
 */
export function encodeFields(
  records: readonly ParsedRecord[],
  side: Side,
  schemaOf: (topic: string) => ChosenSchema | undefined,
  areBytes = false,
): void {
  const out = new ByteSink();
  for (const [i, record] of records.entries()) {
    const schema = schemaOf(record.topic);
    if (schema !== undefined) encodeField(record, side, schema, out, () => `records[${i}].${side}`, areBytes);
  }
}

/**
 * Encodes the key or the value of one record. If the schema has a GUID, it goes into a header of the record, and no id precedes the bytes.
 *
 * @param place says where the data is in the request
 * @param areBytes true for bytes that are already encoded with the schema
 * @throws {GatewayError} InvalidRecord with the path of what does not fit
 */
export function encodeField(
  record: EncodedRecord,
  side: Side,
  { id, codec, format, guid }: ChosenSchema,
  out: ByteSink,
  place: () => string,
  areBytes = false,
): void {
  const json = record[side];
  if (json === null) return;
  out.begin();
  if (guid === null) writeHeader(id, out);
  try {
    if (areBytes) codec.frame(json, out);
    else codec.encode(json, out);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw dataMisfit(place(), error.path, error.message);
  }
  const bytes = out.finish();
  if (guid === null) {
    record[side] = bytes;
    return;
  }
  const data = format === 'protobuf' ? readMessageIndexes(bytes).message : bytes;
  record[side] = data;
  record.headers = [...(record.headers ?? []), schemaHeader(side, guid, bytes.bytes.subarray(bytes.start, data.start))];
}
