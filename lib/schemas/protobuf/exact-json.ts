import type { DescField, DescMessage, JsonValue, Registry } from '@bufbuild/protobuf';
import { ExactNumber, integerOf } from '../exact-numbers.ts';
import { isPlainObject } from '../misfit.ts';
import { scalarTypes } from './proto-file.ts';

/** Types of 64 bits, whose numbers the mapping takes as text as well. */
const WIDE: ReadonlySet<number | undefined> = new Set(
  ['int64', 'uint64', 'fixed64', 'sfixed64', 'sint64'].map((name) => scalarTypes[name]),
);

/** Messages whose JSON is any JSON. */
const FREE: ReadonlySet<string> = new Set(['google.protobuf.Struct', 'google.protobuf.Value', 'google.protobuf.ListValue']);

/**
 * JSON for the library, of which each {@link ExactNumber} becomes what its place in a message can hold: text for an integer of 64 bits, else
 * a number.
 */
export function withDigits(message: DescMessage, json: unknown, registry: Registry): JsonValue {
  const { typeName } = message;
  if (FREE.has(typeName)) return asNumbers(json);
  if (json instanceof ExactNumber) return scalar(json, message.fields[0]?.scalar);
  if (!isPlainObject(json)) return asNumbers(json);
  if (typeName === 'google.protobuf.Any') return ofAny(json, registry);
  const fields = new Map(message.fields.flatMap((field) => [field.name, field.jsonName].map((name) => [name, field])));
  return members(json, (name, value) => ofField(fields.get(name), value, registry));
}

/** The message stands beside its type, or under `value` where its JSON is not that of its fields. */
function ofAny(json: Readonly<Record<string, unknown>>, registry: Registry): JsonValue {
  const type = json['@type'];
  const packed = typeof type === 'string' ? registry.getMessage(type.slice(type.lastIndexOf('/') + 1)) : undefined;
  if (packed === undefined) return asNumbers(json);
  if (packed.typeName.startsWith('google.protobuf.')) {
    return members(json, (name, value) => (name === 'value' ? withDigits(packed, value, registry) : asNumbers(value)));
  }
  return withDigits(packed, json, registry);
}

function ofField(field: DescField | undefined, json: unknown, registry: Registry): JsonValue {
  if (field === undefined) return asNumbers(json);
  const { message } = field;
  const one = (value: unknown): JsonValue => {
    if (message !== undefined) return withDigits(message, value, registry);
    return value instanceof ExactNumber ? scalar(value, field.scalar) : asNumbers(value);
  };
  if (field.fieldKind === 'list' && Array.isArray(json)) return json.map(one);
  if (field.fieldKind === 'map' && isPlainObject(json)) return members(json, (_name, value) => one(value));
  return one(json);
}

/** What is no integer is left to the library to refuse. */
function scalar({ text }: ExactNumber, type: number | undefined): JsonValue {
  return WIDE.has(type) ? String(integerOf(text) ?? text) : Number(text);
}

function asNumbers(json: unknown): JsonValue {
  if (json instanceof ExactNumber) return Number(json.text);
  if (Array.isArray(json)) return json.map(asNumbers);
  if (isPlainObject(json)) return members(json, (_name, value) => asNumbers(value));
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? json : null;
}

/** An object with other values; a member `__proto__` stays one. */
const members = (json: Readonly<Record<string, unknown>>, change: (name: string, value: unknown) => JsonValue): JsonValue =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, change(name, value)]));
