import type { BodyFormat } from './record-format.ts';
import type { RecordFormatName } from './record-formats.ts';

/** Formats of keys and values that have schemas, by the name they have in media types. */
export type SchemaFormatName = 'avro' | 'jsonschema' | 'protobuf';

/** The name of a format with schemas or without. */
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

/** How they are read from a body: as JSON text, whose bytes are made of it when the schema is known. */
export const schemaFormats: Readonly<Record<SchemaFormatName, BodyFormat>> = {
  avro: schemaFormat('avro'),
  jsonschema: schemaFormat('jsonschema'),
  protobuf: schemaFormat('protobuf'),
};

/** Tells the two kinds apart. */
export const isSchemaFormat = (name: string): name is SchemaFormatName => Object.hasOwn(schemaFormats, name);
