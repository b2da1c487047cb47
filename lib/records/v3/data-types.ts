import type { GatewayError } from '../../errors.ts';
import type { Place } from '../../json/place.ts';
import { noRegistry, schemaNeedsType, subjectOrStrategy, typeNeedsSchema, typeNotWith, typeUnknown } from '../../messages/v3.ts';
import { binary } from '../formats/binary.ts';
import { json } from '../formats/json.ts';
import type { RecordFormat } from '../formats/record-format.ts';
import { text } from '../formats/text.ts';
import { isSchemaType, type SchemaType, schemaTypes } from './schema-data.ts';

/** Types of keys and values that need no schema, by their names in v3 of the API. */
const formats = { BINARY: binary, JSON: json, STRING: text } as const;

/** The name of such a type. */
export type DataType = keyof typeof formats;

/**
 * Chooses how a key or value is written: the one place that knows which types there are.
 *
 * @param type null where it is left out: the schema decides then
 * @param chosenBy the schema members that the key or value has
 * @param schemas whether there is a registry
 * @returns what is wrong where this needs a schema and there is no registry: that fails the record alone
 * @throws {GatewayError} InvalidRecord for a type that there is not, and for schema members that do not go with it or with each other
 */
export function chooseType(
  type: string | null,
  chosenBy: readonly string[],
  place: Place,
  schemas: boolean,
): DataType | SchemaType | null | GatewayError {
  const hasSchema = type === null || isSchemaType(type);
  if (hasSchema && !schemas) {
    return noRegistry();
  }
  if (!hasSchema && !isDataType(type)) {
    const known = [...Object.keys(formats), ...Object.keys(schemaTypes)];
    throw typeUnknown(place, known.join(', '));
  }
  // Bytes of a schema that is in the registry.
  if (type === 'BINARY' && chosenBy.length > 0 && !chosenBy.includes('schema')) return schemas ? type : noRegistry();
  const stray = chosenBy.find((member) => !hasSchema || (type !== null && (member === 'schema_id' || member === 'schema_version')));
  if (stray !== undefined) throw typeNotWith(place, `${type}`, stray);
  if (!hasSchema) return type;
  if (type !== null && !chosenBy.includes('schema')) {
    throw typeNeedsSchema(place, type);
  }
  if (type === null && chosenBy.includes('schema')) {
    throw schemaNeedsType(place, Object.keys(schemaTypes).join(', '));
  }
  if (chosenBy.includes('subject') && chosenBy.includes('subject_name_strategy')) {
    throw subjectOrStrategy(place);
  }
  return type;
}

/** True for a type that is read as it stands. */
export const isDataType = (name: string | null | undefined): name is DataType => name === 'JSON' || name === 'BINARY' || name === 'STRING';

/** How keys and values of a type are read. */
export const formatOf = (type: DataType): RecordFormat => formats[type];
