import {
  messageOfNoProtobuf,
  schemaInvalid,
  schemaNotFound,
  schemaOfOtherFormat,
  schemaWithoutGuid,
  schemaWithoutType,
} from '../messages/schemas.ts';
import { printable } from '../quote.ts';
import type { SchemaFormatName } from '../records/formats/schema-formats.ts';
import { avroCodec } from './avro/codec.ts';
import type { Codec } from './codec.ts';
import { jsonSchemaCodec } from './json-schema/codec.ts';
import { protobufCodec } from './protobuf/codec.ts';
import { BoundedCache } from './registry/bounded-cache.ts';
import type { GloballyNamed, SchemaRegistry, SchemaText, WholeSchema } from './registry/schema-registry.ts';
import type { SchemaChoice } from './schema-choice.ts';
import { contextIn, subjectOf } from './subject.ts';
import { isGuid, type SchemaKey } from './wire-format.ts';

/** A codec with the name of the type that its schema describes. */
export type NamedCodec = Codec & { name: string | null };

/** A schema to write records with. */
export interface ChosenSchema {
  id: number;
  codec: Codec;
  format: SchemaFormatName;
  /** The GUID to put into a header of the record; null to put the id before the bytes. */
  guid: string | null;
}

/** A chosen schema, with its subject and version. */
export interface RegisteredSchema extends ChosenSchema {
  subject: string;
  version: number;
}

/** The destination of records, as far as it determines their schema. */
export interface SchemaTarget {
  topic: string;
  side: 'key' | 'value';
  /** Null for the format of the schema, which must then be registered. */
  format: SchemaFormatName | null;
  /** Whether a schema may be registered under a subject that is not named after the topic. */
  mayRegisterAnywhere: boolean;
  /** Whether a header of each record names the schema. */
  inHeaders: boolean;
}

interface FoundSchema {
  id: number;
  /** Of the id; empty for the registry's default. */
  context: string;
  text: SchemaText;
  codec: NamedCodec;
}

const MOST_CODECS = 500;
/** The size of a codec in the cache, per character of its schema. */
const SIZE_OF_CODEC = 8;
/** The longest schema with its references. A registry stores each in a Kafka record, limited to about half of this. */
const MOST_TEXT = 2 * 1024 * 1024;

/** The codecs of a registry's schemas, each compiled once. */
export class SchemaCodecs {
  /** By the error of a request, the schema of its records that the registry could not give. */
  readonly missed = new WeakMap<Error, SchemaKey>();
  readonly #registry: SchemaRegistry;
  readonly #autoRegister: boolean;
  readonly #codecs = new BoundedCache<{ codec: NamedCodec; size: number }>(MOST_CODECS, undefined, ({ size }) => size);

  constructor(registry: SchemaRegistry, autoRegister: boolean) {
    this.#registry = registry;
    this.#autoRegister = autoRegister;
  }

  /**
   * The codec of an id or a GUID; null when there is no such schema.
   *
   * @throws {GatewayError} InvalidSchema when it cannot be read
   */
  async byKey(key: SchemaKey): Promise<{ format: SchemaFormatName; codec: Codec } | null> {
    const text = await (typeof key === 'number' ? this.#registry.byId(key) : this.#registry.byGuid(key));
    return text === null ? null : { format: text.format, codec: await this.#codecOf(`${key}`, text, null) };
  }

  /**
   * The schema that a request chooses.
   *
   * @throws {GatewayError} SchemaNotAvailable, InvalidSchema, InvalidRecord
   */
  async choose(choice: SchemaChoice, target: SchemaTarget): Promise<ChosenSchema> {
    const found = await this.#find(choice, target);
    return { id: found.id, codec: found.codec, format: found.text.format, guid: target.inHeaders ? await this.#guidOf(found) : null };
  }

  /**
   * The schema that a request chooses; it must be a version of its subject.
   *
   * @throws {GatewayError} SchemaNotAvailable, InvalidSchema, InvalidRecord
   */
  async chooseOfSubject(choice: SchemaChoice, target: SchemaTarget): Promise<RegisteredSchema> {
    const found = await this.#find(choice, target);
    const { id, codec, text } = found;
    const subject = choice.subject ?? subjectOf(choice.strategy, target.topic, target.side, codec.name);
    const { version } = choice;
    const number = typeof version === 'number' ? version : await this.#registry.versionOf(subject, text);
    const guid = target.inHeaders ? await this.#guidOf(found) : null;
    return { id, codec, format: text.format, guid, subject, version: number };
  }

  async #guidOf({ id, context }: FoundSchema): Promise<string> {
    // Only in the default context does the registry say what an id is.
    const guid = context === '' ? (await this.#present(id)).guid : null;
    if (!isGuid(guid)) throw schemaWithoutGuid(id);
    return guid;
  }

  async #find(choice: SchemaChoice, target: SchemaTarget): Promise<FoundSchema> {
    if (choice.text !== null) return this.#byText({ ...choice, text: choice.text }, target);
    const found = choice.id === null ? await this.#byVersion(choice, target) : await this.#present(choice.id);
    const context = choice.id === null ? contextIn(choice.subject ?? '') : '';
    if (target.format !== null && found.format !== target.format) {
      throw schemaOfOtherFormat(target.side, found.format, target.format);
    }
    return { id: found.id, context, text: found, codec: await this.#codecOf(`${context}${found.id}`, found, choice.message) };
  }

  async #present(id: number): Promise<GloballyNamed & { id: number }> {
    const found = await this.#registry.byId(id);
    if (found === null) throw schemaNotFound(`schema ${id}`);
    return { ...found, id };
  }

  #byVersion({ version, subject, strategy }: SchemaChoice, { topic, side }: SchemaTarget): Promise<SchemaText & { id: number }> {
    return this.#registry.version(subject ?? subjectOf(strategy, topic, side, null), version ?? 'latest');
  }

  async #byText(choice: SchemaChoice & { text: string }, target: SchemaTarget): Promise<FoundSchema> {
    if (target.format === null) throw schemaWithoutType(target.side);
    const text: SchemaText = { format: target.format, schema: choice.text, references: choice.references };
    // Before the schema is registered.
    const codec = await this.#codecOf(JSON.stringify(text), text, choice.message);
    const { topic, side, mayRegisterAnywhere } = target;
    const subject = choice.subject ?? subjectOf(choice.strategy, topic, side, codec.name);
    const isOfTopic = choice.subject === null && choice.strategy !== 'RECORD_NAME';
    const id = await this.#registry.idOf(subject, text, this.#autoRegister && (isOfTopic || mayRegisterAnywhere));
    return { id, context: contextIn(subject), text, codec };
  }

  async #codecOf(key: string, text: SchemaText, message: string | null): Promise<NamedCodec> {
    const { codec } = await this.#codecs.get(`${message ?? ''} ${key}`, async () => {
      const whole = await this.#registry.withReferred(text);
      return { codec: await compile(whole, message), size: lengthOf(whole) * SIZE_OF_CODEC };
    });
    return codec;
  }
}

const lengthOf = ({ schema, referred }: WholeSchema): number => referred.reduce((sum, one) => sum + one.schema.length, schema.length);

/** @throws {GatewayError} InvalidSchema */
async function compile(whole: WholeSchema, message: string | null): Promise<NamedCodec> {
  const { format, schema, referred } = whole;
  if (message !== null && format !== 'protobuf') {
    throw messageOfNoProtobuf(message, format);
  }
  if (lengthOf(whole) > MOST_TEXT) throw schemaInvalid(`with those that it refers to it is larger than ${MOST_TEXT} characters`);
  const make = await makerOf(format, [schema, ...referred.map((one) => one.schema)]);
  try {
    return make(schema, referred, message);
  } catch (error) {
    throw schemaInvalid(error instanceof Error ? printable(error.message) : 'it cannot be read');
  }
}

/** A reference to one of JSON Schema's metaschemas; slashes may be escaped. */
const METASCHEMA = /"\$\w*[rR]ef"\s*:\s*"https?:(?:\\?\/){2}json-schema\.org\\?\//;

type Maker = (schema: string, referred: WholeSchema['referred'], message: string | null) => NamedCodec;

async function makerOf(format: SchemaFormatName, texts: readonly string[]): Promise<Maker> {
  if (format === 'avro')
    return (schema, referred) =>
      avroCodec(
        schema,
        referred.map((one) => one.schema),
      );
  if (format === 'jsonschema') {
    // Loaded on demand: few schemas refer to metaschemas.
    const others = texts.some((text) => METASCHEMA.test(text)) ? (await import('./json-schema/metaschemas.optional.ts')).metaschemas : [];
    return (schema, referred) => jsonSchemaCodec(schema, [...referred, ...others]);
  }
  const library = await import('./protobuf/bufbuild.optional.ts');
  return (schema, referred, message) => protobufCodec(library, schema, referred, message);
}
