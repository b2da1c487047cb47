import type { Slice } from '../kafka/record.ts';
import { dataMisfit } from '../messages/schemas.ts';
import type { ParsedRecord } from '../records/requests/produce-record.ts';
import { ByteSink } from './byte-sink.ts';
import { Misfit } from './misfit.ts';
import type { ChosenSchema } from './schema-codecs.ts';
import { writeHeader } from './wire-format.ts';

/**
 * Puts bytes with the schema's id in the place of the JSON text of keys or values, or of bytes that are of the schema already. Null stays null: no key, a tombstone.
 *
 * @param schemaOf the schema for a topic; without one its records stay as they are
 * @throws {GatewayError} InvalidRecord with the path of what does not fit
 */
export function encodeFields(
  records: readonly ParsedRecord[],
  side: 'key' | 'value',
  schemaOf: (topic: string) => ChosenSchema | undefined,
  areBytes = false,
): void {
  const out = new ByteSink();
  for (const [i, record] of records.entries()) {
    const json = record[side];
    if (json === null) continue;
    const schema = schemaOf(record.topic);
    if (schema === undefined) continue;
    record[side] = encodeField(json, schema, out, () => `records[${i}].${side}`, areBytes);
  }
}

/**
 * The bytes of a field with a schema, behind its header.
 *
 * @param place says where the JSON is in the request
 * @param areBytes whether it is no JSON, and bytes of the schema already
 * @throws {GatewayError} InvalidRecord with the path of what does not fit
 */
export function encodeField(json: Slice, { id, codec }: ChosenSchema, out: ByteSink, place: () => string, areBytes = false): Slice {
  out.begin();
  writeHeader(id, out);
  try {
    if (areBytes) codec.frame(json, out);
    else codec.encode(json, out);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw dataMisfit(place(), error.path, error.message);
  }
  return out.finish();
}
