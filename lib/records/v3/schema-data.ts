import type { SchemaFormatName } from '../formats/schema-formats.ts';

/** The names of formats with schemas in v3 of the API. */
export const schemaTypes = { AVRO: 'avro', JSONSCHEMA: 'jsonschema', PROTOBUF: 'protobuf' } as const;

/** Such a name. */
export type SchemaType = keyof typeof schemaTypes;

/** True for such a name. */
export const isSchemaType = (name: string): name is SchemaType => Object.hasOwn(schemaTypes, name);

/** The name of a format. */
export const typeOf = (format: SchemaFormatName): SchemaType =>
  format === 'avro' ? 'AVRO' : format === 'jsonschema' ? 'JSONSCHEMA' : 'PROTOBUF';

/** Members of a key or value that choose its schema. */
export const SCHEMA_MEMBERS = ['subject', 'subject_name_strategy', 'schema_id', 'schema_version', 'schema'];

/** A key or value that has a schema. */
export interface SchemaData {
  /** Null where the schema says. */
  type: SchemaType | null;
  /** Where it stands in the request: `records[1].value`. */
  place: string;
  /** Which schema: the {@link SCHEMA_MEMBERS} that it has, parsed, by their places. */
  members: ReadonlyMap<string, unknown>;
  /** True where it is bytes of the schema already, and no JSON. */
  areBytes?: boolean;
  /** The schema that its bytes were made with, when they were. */
  written?: WrittenSchema;
}

/** A schema as an answer names it. */
export interface WrittenSchema {
  type: SchemaType;
  subject: string;
  id: number;
  version: number;
}
