import type { SchemaFormatName } from '../formats/schema-formats.ts';

/** The formats with schemas, by their names in v3 of the API. */
export const schemaTypes = { AVRO: 'avro', JSONSCHEMA: 'jsonschema', PROTOBUF: 'protobuf' } as const;

export type SchemaType = keyof typeof schemaTypes;

export const isSchemaType = (name: string): name is SchemaType => Object.hasOwn(schemaTypes, name);

export const typeOf = (format: SchemaFormatName): SchemaType =>
  format === 'avro' ? 'AVRO' : format === 'jsonschema' ? 'JSONSCHEMA' : 'PROTOBUF';

/** Members of a key or value that choose its schema. */
export const SCHEMA_MEMBERS = ['subject', 'subject_name_strategy', 'schema_id', 'schema_version', 'schema'];

/** A key or value that has a schema. */
export interface SchemaData {
  /** Null where the schema decides. */
  type: SchemaType | null;
  /** Its place in the request: `records[1].value`. */
  place: string;
  /** The parsed {@link SCHEMA_MEMBERS} that choose the schema, by their places. */
  members: ReadonlyMap<string, unknown>;
  /** True where the data is bytes that are already encoded with the schema, not JSON. */
  areBytes?: boolean;
  /** The schema that encoded the data, once it is encoded. */
  written?: WrittenSchema;
}

/** A schema as responses name it. */
export interface WrittenSchema {
  type: SchemaType;
  subject: string;
  id: number;
  version: number;
}
