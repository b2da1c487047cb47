import type { DescFile, MessageShape, Registry } from '@bufbuild/protobuf';
import type { NamedSchema } from '../json-schema/codec.ts';
import { googleTypes } from './google-types.ts';
import { addTypes, link, type TypeNames } from './link.ts';
import { jsonNameOf, parseProto } from './parse-proto.ts';
import { ENUM, MESSAGE, type ProtoFile } from './proto-file.ts';
import { weightOfBytes } from './weigh.ts';

/** The Protobuf library; loaded on first use. */
export type ProtobufLibrary = typeof import('./bufbuild.optional.ts');

/** Files, besides `google/protobuf`, that schemas can import although the registry does not have them. */
const builtIn: readonly NamedSchema[] = [
  ...googleTypes,
  { name: 'confluent/meta.proto', schema: 'syntax = "proto3"; package confluent;' },
  {
    name: 'confluent/type/decimal.proto',
    schema: 'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
  },
];

/** The name of the schema itself; no import can name it. */
const FILE = 'schema.proto';

/** More than the largest files in use have. */
const MOST_DECLARATIONS = 30_000;
/** The most weight of a descriptor: about its size as JSON; a field takes 150 or more. */
const MOST_WEIGHT = 32 * 1024 * 1024;

type Descriptor = MessageShape<ProtobufLibrary['FileDescriptorProtoSchema']>;

/**
 * The types of a schema, of its imports, and of Google's files, because an `Any` may hold them. The schema is the text of a .proto file or,
 * as some serializers register it, a FileDescriptorProto in base64.
 *
 * @throws {Error} saying what is wrong with it
 */
export function fileRegistry(
  text: string,
  references: readonly NamedSchema[],
  library: ProtobufLibrary,
): { source: ProtoFile | Descriptor; registry: Registry } {
  const known = googleFiles(library);
  const files = new Map<string, ProtoFile | Descriptor>();
  for (const { name, schema } of references) files.set(name, readReference(name, schema, library));
  const file = readFile(text, FILE, library);
  addBuiltIn(files, file, library);
  const count = [...files.values(), file].reduce((sum, one) => sum + declarationsIn(one.messageType), 0);
  if (count > MOST_DECLARATIONS) {
    throw new Error(`it has, with what it imports, more than ${MOST_DECLARATIONS} messages and fields: divide it, or leave some out`);
  }
  const types = typesOf([...files.values(), file], known);
  const toProto = (one: ProtoFile | Descriptor): Descriptor => {
    if ('$typeName' in one) return one;
    link(one, types);
    return library.create(library.FileDescriptorProtoSchema, one);
  };
  const imported = library.createFileRegistry(toProto(file), (name) => {
    const one = files.get(name);
    return one === undefined ? (known.get(name) ?? missing(name)) : toProto(one);
  });
  return { source: file, registry: library.createRegistry(imported, ...known.values()) };
}

/** Adds the built-in files that are imported. A reference with the same path takes precedence. */
function addBuiltIn(files: Map<string, ProtoFile | Descriptor>, file: ProtoFile | Descriptor, library: ProtobufLibrary): void {
  const imports = new Set([...files.values(), file].flatMap(({ dependency }) => dependency));
  for (const { name, schema } of builtIn) {
    if (imports.has(name) && !files.has(name)) files.set(name, readFile(schema, name, library));
  }
}

interface Declared {
  field: readonly unknown[];
  nestedType: readonly Declared[];
}

const declarationsIn = (messages: readonly Declared[]): number =>
  messages.reduce((sum, { field, nestedType }) => sum + 1 + field.length + declarationsIn(nestedType), 0);

function readFile(
  schema: string,
  name: string,
  { fromBinary, createRegistry, FileDescriptorProtoSchema }: ProtobufLibrary,
): ProtoFile | Descriptor {
  if (!/^[\w+/]{8,}={0,2}$/.test(schema)) return parseProto(schema, name);
  const bytes = Buffer.from(schema, 'base64');
  if (weightOfBytes(FileDescriptorProtoSchema, bytes, MOST_WEIGHT, createRegistry()) > MOST_WEIGHT)
    throw new Error('its descriptor is too large');
  const descriptor = fromBinary(FileDescriptorProtoSchema, bytes);
  addJsonNames(descriptor.messageType);
  return descriptor;
}

/** A descriptor may omit JSON names that protoc would generate. */
function addJsonNames(messages: Descriptor['messageType']): void {
  for (const { field, nestedType } of messages) {
    for (const one of field) one.jsonName ||= jsonNameOf(one.name);
    addJsonNames(nestedType);
  }
}

function readReference(name: string, schema: string, library: ProtobufLibrary): ProtoFile | Descriptor {
  try {
    return readFile(schema, name, library);
  } catch (cause) {
    throw new Error(`in ${name}, ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function missing(name: string): never {
  throw new Error(`it imports ${JSON.stringify(name)}, which is not among its references`);
}

function googleFiles(library: ProtobufLibrary): Map<string, DescFile> {
  const files = new Map<string, DescFile>();
  for (const [name, value] of Object.entries(library)) {
    if (name.startsWith('file_') && typeof value === 'object' && value.kind === 'file') files.set(`${value.name}.proto`, value);
  }
  return files;
}

function typesOf(files: readonly (ProtoFile | Descriptor)[], known: ReadonlyMap<string, DescFile>): TypeNames {
  const types: TypeNames = new Map();
  for (const file of files) addTypes(file, types);
  for (const { messages, enums } of known.values()) {
    for (const { typeName } of messages) types.set(typeName, MESSAGE);
    for (const { typeName } of enums) types.set(typeName, ENUM);
  }
  return types;
}
