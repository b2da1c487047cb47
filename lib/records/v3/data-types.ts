import { GatewayError } from '../../errors.ts';
import { binary } from '../binary.ts';
import { json } from '../json.ts';
import type { Place } from '../place.ts';
import type { RecordFormat } from '../record-format.ts';
import { text } from '../text.ts';

/** Types of keys and values that need no schema, by their names in v3 of the API. */
const formats = { BINARY: binary, JSON: json, STRING: text } as const;

/** The name of such a type. */
export type DataType = keyof typeof formats;

const SCHEMA_TYPES = ['AVRO', 'JSONSCHEMA', 'PROTOBUF'];

/** Members of a key or value that choose its schema. */
export const SCHEMA_MEMBERS = ['subject', 'subject_name_strategy', 'schema_id', 'schema_version', 'schema'];

/**
 * Chooses how a key or value is written: the one place that knows which types there are.
 *
 * @param type null where it is left out: the schema decides then
 * @param chosenBy the schema members that the key or value has
 * @returns what is wrong where this needs a schema: that fails the record alone
 * @throws {GatewayError} InvalidRecord for a type that there is not, and for schema members beside a type without schemas
 */
export function chooseType(type: string | null, chosenBy: readonly string[], place: Place): DataType | GatewayError {
  if (type === null || SCHEMA_TYPES.includes(type)) {
    return new GatewayError('InvalidPayload', 'Payload error. Schema Registry must be configured when using schemas.');
  }
  if (!isDataType(type)) {
    throw new GatewayError('InvalidRecord', `${place}.type must be one of ${[...Object.keys(formats), ...SCHEMA_TYPES].join(', ')}`);
  }
  const [schemaMember] = chosenBy;
  if (schemaMember === undefined) return type;
  throw new GatewayError('InvalidRecord', `${place}: 'type=${type}' cannot be used with '${schemaMember}'.`);
}

/** True for a type that is read as it stands. */
export const isDataType = (name: string | null | undefined): name is DataType => name === 'JSON' || name === 'BINARY' || name === 'STRING';

/** How keys and values of a type are read. */
export const formatOf = (type: DataType): RecordFormat => formats[type];
