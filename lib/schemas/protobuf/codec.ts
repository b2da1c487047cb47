import type { DescFile, DescMessage, FileRegistry, JsonValue, MessageShape } from '@bufbuild/protobuf';
import type { Codec } from '../codec.ts';
import { digitsIn, EXACT_DIGITS, parseExactly } from '../exact-numbers.ts';
import type { NamedSchema } from '../json-schema/codec.ts';
import { Misfit } from '../misfit.ts';
import { addTypes, link, type TypeNames } from './link.ts';
import { messagePlaces, readMessageIndexes, writeMessageIndexes } from './message-indexes.ts';
import { misfitIn } from './misfit-in.ts';
import { jsonNameOf, parseProto } from './parse-proto.ts';
import { ENUM, MESSAGE, type ProtoFile } from './proto-file.ts';

/** What encodes it; loaded when it is first needed. */
export type ProtobufLibrary = typeof import('./bufbuild.ts');

/** Files that schemas import without their being in the registry, besides Google's own. */
const builtIn: readonly NamedSchema[] = [
  { name: 'confluent/meta.proto', schema: 'syntax = "proto3"; package confluent;' },
  {
    name: 'confluent/type/decimal.proto',
    schema: 'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
  },
];

/** Of the schema itself; imports cannot name it. */
const FILE = 'schema.proto';

/**
 * Translates between JSON, as Protobuf's own mapping has it, and Protobuf's encoding, behind the message indexes. On the way out fields
 * of proto3 that have their default are shown, too.
 *
 * @param references files that it imports, by the path by which it does
 * @param messageName the full name of the message that is written, or its name in the package; the first of the file when null. Any is read
 * @throws {Error} saying what is wrong with the schema
 */
export function protobufCodec(
  library: ProtobufLibrary,
  text: string,
  references: readonly NamedSchema[] = [],
  messageName: string | null = null,
): Codec & { name: string } {
  const { source, registry } = buildRegistry(text, references, library);
  const places = messagePlaces(source, '$typeName' in source);
  const others = messagePlaces(source, true);
  const [place, name] = placeOf(places, source.package, messageName);
  const written = messageOf(registry, name);
  const indexes = place.split(',').map(Number);
  const { fromJson, toBinary, fromBinary, toJson } = library;

  const parse = (json: string): MessageShape<DescMessage> => {
    const value: JsonValue = JSON.parse(json);
    try {
      const message = fromJson(written, value, { registry });
      if (!mayLoseDigits(json)) return message;
    } catch (error) {
      throw misfitIn(error, written, value, (desc, part) => fromJson(desc, part, { registry }));
    }
    return fromJson(written, exactly(json), { registry });
  };

  return {
    name,
    encode({ bytes, start, end }, out) {
      const message = parse(bytes.toString('utf8', start, end));
      writeMessageIndexes(indexes, out);
      out.raw(toBinary(written, message));
    },
    decode(payload, out) {
      const { indexes: read, message } = readMessageIndexes(payload);
      const desc = registry.getMessage(places.get(read.join()) ?? others.get(read.join()) ?? '');
      if (desc === undefined) throw new Misfit(`is message ${read.join('.')} of its schema, which has none of that number`);
      try {
        const decoded = fromBinary(desc, message.bytes.subarray(message.start, message.end));
        out.copy(Buffer.from(JSON.stringify(toJson(desc, decoded, { registry, alwaysEmitImplicit: true }))));
      } catch {
        // The library's words may quote the record.
        throw new Misfit(`is no ${desc.typeName}`);
      }
    },
  };
}

type Descriptor = MessageShape<ProtobufLibrary['FileDescriptorProtoSchema']>;

/** A schema may be the text of a .proto file, or, as some serializers register it, a FileDescriptorProto in base64. */
function buildRegistry(
  text: string,
  references: readonly NamedSchema[],
  library: ProtobufLibrary,
): { source: ProtoFile | Descriptor; registry: FileRegistry } {
  const known = googleFiles(library);
  const files = new Map<string, ProtoFile | Descriptor>();
  for (const { name, schema } of [...builtIn, ...references]) files.set(name, readReference(name, schema, library));
  const file = readFile(text, FILE, library);
  const types = typesOf([...files.values(), file], known);
  const toProto = (one: ProtoFile | Descriptor): Descriptor => {
    if ('$typeName' in one) return one;
    link(one, types);
    return library.create(library.FileDescriptorProtoSchema, one);
  };
  const registry = library.createFileRegistry(toProto(file), (name) => {
    const imported = files.get(name);
    return imported === undefined ? (known.get(name) ?? missing(name)) : toProto(imported);
  });
  return { source: file, registry };
}

function readFile(schema: string, name: string, { fromBinary, FileDescriptorProtoSchema }: ProtobufLibrary): ProtoFile | Descriptor {
  if (!/^[\w+/]{8,}={0,2}$/.test(schema)) return parseProto(schema, name);
  const descriptor = fromBinary(FileDescriptorProtoSchema, Buffer.from(schema, 'base64'));
  addJsonNames(descriptor.messageType);
  return descriptor;
}

/** Those that are as protoc makes them may be left out. */
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

function placeOf(places: ReadonlyMap<string, string>, scope: string, messageName: string | null): [string, string] {
  const all = [...places];
  const chosen = messageName === null ? all[0] : all.find(([, name]) => name === messageName || name === `${scope}.${messageName}`);
  if (chosen !== undefined) return chosen;
  throw new Error(messageName === null ? 'it has no message' : `it has no message ${JSON.stringify(messageName)}`);
}

function messageOf(registry: FileRegistry, name: string): DescMessage {
  const message = registry.getMessage(name);
  if (message === undefined) throw new Error(`it has no message ${JSON.stringify(name)}`);
  return message;
}

/** Whether some number has more digits than JavaScript keeps. */
const mayLoseDigits = (json: string): boolean =>
  /\d{8}/.test(json) && (json.match(/[\d.]+/g) ?? []).some((text) => digitsIn(text) > EXACT_DIGITS);

/** With such numbers as strings, which the mapping takes as well. */
function exactly(json: string): JsonValue {
  const value: JsonValue = JSON.parse(JSON.stringify(parseExactly(json, (digits) => digits)));
  return value;
}
