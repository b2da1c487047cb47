import type { GatewayError } from '../../errors.ts';
import type { Place } from '../../json/place.ts';
import { noRegistry, schemaNeedsType, subjectOrStrategy, typeNeedsSchema, typeNotWith, typeUnknown } from '../../messages/v3.ts';
import { binary } from '../formats/binary.ts';
import { json } from '../formats/json.ts';
import type { RecordFormat } from '../formats/record-format.ts';
import { text } from '../formats/text.ts';
import { isSchemaType, type SchemaType, schemaTypes } from './schema-data.ts';

/** Types of keys and values without a schema, by their names in v3 of the API. */
const formats = { BINARY: binary, JSON: json, STRING: text } as const;

export type DataType = keyof typeof formats;

/**
 * Chooses the type of a key or value: the only place that knows all types.
 *
 * @param type null where the request leaves it out: the schema then decides
 * @param chosenBy the schema members of the key or value
 * @param schemas whether there is a registry
 * @returns an error when the type needs a registry and there is none: only this record fails
 * @throws {GatewayError} InvalidRecord for an unknown type, and for schema members that contradict the type or each other
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
  // The bytes are already encoded with a schema of the registry.
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

/** True for a type that needs no schema. */
export const isDataType = (name: string | null | undefined): name is DataType => name === 'JSON' || name === 'BINARY' || name === 'STRING';

/** How keys and values of a type are read. */
export const formatOf = (type: DataType): RecordFormat => formats[type];
