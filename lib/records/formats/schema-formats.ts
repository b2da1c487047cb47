import type { BodyFormat } from './record-format.ts';
import type { RecordFormatName } from './record-formats.ts';

/** Formats of keys and values with schemas, by their names in media types. */
export type SchemaFormatName = 'avro' | 'jsonschema' | 'protobuf';

/** The name of any format, with or without schemas. */
export type AnyFormatName = RecordFormatName | SchemaFormatName;

const LOWER_N = 0x6e;

const schemaFormat = (name: SchemaFormatName): BodyFormat => ({
  name,
  mediaType: `application/vnd.kafka.${name}.v2+json`,

  read(json) {
    const first = json.peek();
    const { at: start, bytes } = json;
    json.value();
    return first === LOWER_N ? null : { bytes, start, end: json.at };
  },
});

/** How a body's keys and values are read: as JSON text, which is encoded once the schema is known. */
export const schemaFormats: Readonly<Record<SchemaFormatName, BodyFormat>> = {
  avro: schemaFormat('avro'),
  jsonschema: schemaFormat('jsonschema'),
  protobuf: schemaFormat('protobuf'),
};

/** Tells formats with schemas from the others. */
export const isSchemaFormat = (name: string): name is SchemaFormatName => Object.hasOwn(schemaFormats, name);
