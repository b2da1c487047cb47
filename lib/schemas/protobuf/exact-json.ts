import type { DescField, DescMessage, JsonValue, Registry } from '@bufbuild/protobuf';
import { ExactNumber, integerOf } from '../exact-numbers.ts';
import { inside, isPlainObject, Misfit, memberStep } from '../misfit.ts';
import { scalarTypes } from './proto-file.ts';

/** 64-bit types: the JSON mapping also accepts their numbers as text. */
const WIDE: ReadonlySet<number | undefined> = new Set(
  ['int64', 'uint64', 'fixed64', 'sfixed64', 'sint64'].map((name) => scalarTypes[name]),
);

/** All types whose numbers the JSON mapping accepts as text. */
const NUMERIC: ReadonlySet<number | undefined> = new Set(
  Object.entries(scalarTypes).flatMap(([name, type]) => (['bool', 'bytes', 'string'].includes(name) ? [] : [type])),
);

const NUMBER_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$|^-?Infinity$|^NaN$/;
/** No type accepts it. */
const NO_NUMBER = 'none';

/** Whether some text may be a number in a notation that only JavaScript accepts, such as `0x10`, or one with more than digits. */
export const hasNumberInText = (json: string): boolean => /"(?:\s|[+-]?(?:0[xob]|\d+[.e\s]))/i.test(json);

/** Messages that accept any JSON. */
const FREE: ReadonlySet<string> = new Set(['google.protobuf.Struct', 'google.protobuf.Value', 'google.protobuf.ListValue']);

/** JSON for the library: each {@link ExactNumber} becomes what its field can hold, text for a 64-bit integer, else a number. */
export function withDigits(message: DescMessage, json: unknown, registry: Registry): JsonValue {
  const { typeName } = message;
  if (FREE.has(typeName)) return asNumbers(json);
  if (json instanceof ExactNumber) return scalar(json, message.fields[0]?.scalar);
  if (typeof json === 'string' && typeName.endsWith('Value')) return scalarText(json, message.fields[0]?.scalar);
  if (!isPlainObject(json)) return asNumbers(json);
  if (typeName === 'google.protobuf.Any') return ofAny(json, registry);
  const fields = new Map(message.fields.flatMap((field) => [field.name, field.jsonName].map((name) => [name, field])));
  return members(json, (name, value) => ofField(fields.get(name), value, registry));
}

/** The fields of the message are beside `@type`, or its JSON is under `value` if it has a special form. */
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
    if (typeof value === 'string') return scalarText(value, field.scalar);
    return value instanceof ExactNumber ? scalar(value, field.scalar) : asNumbers(value);
  };
  if (field.fieldKind === 'list' && Array.isArray(json)) return json.map((item, i) => at(`[${i}]`, () => one(item)));
  if (field.fieldKind === 'map' && isPlainObject(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [keyText(name, field.mapKey), at(memberStep(name), () => one(value))]),
    );
  }
  return one(json);
}

/** The library refuses what is not an integer. */
function scalar({ text }: ExactNumber, type: number | undefined): JsonValue {
  return WIDE.has(type) ? String(integerOf(text) ?? text) : Number(text);
}

/** As in Java's parser: an integer may be written `1.0` or `1e3`, but has no spaces, and no base but ten. */
function scalarText(text: string, type: number | undefined): string {
  if (!NUMERIC.has(type)) return text;
  if (!NUMBER_TEXT.test(text)) return NO_NUMBER;
  return WIDE.has(type) && !/^[+-]?\d+$/.test(text) ? String(integerOf(text) ?? NO_NUMBER) : text;
}

const keyText = (name: string, type: number): string => (NUMERIC.has(type) && !NUMBER_TEXT.test(name) ? NO_NUMBER : name);

function asNumbers(json: unknown): JsonValue {
  if (json instanceof ExactNumber) return double(json.text);
  if (Array.isArray(json)) return json.map((item, i) => at(`[${i}]`, () => asNumbers(item)));
  if (isPlainObject(json)) return members(json, (_name, value) => asNumbers(value));
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? json : null;
}

/** The library would write an infinite one for JSON that may be anything, and then refuses to show it. */
function double(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Misfit('is larger than a double can hold: write it as text');
  return number;
}

function at<T>(step: string, change: () => T): T {
  try {
    return change();
  } catch (error) {
    throw inside(error, step);
  }
}

/** An object with changed values; a member `__proto__` stays a member. */
const members = (json: Readonly<Record<string, unknown>>, change: (name: string, value: unknown) => JsonValue): JsonValue =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, at(memberStep(name), () => change(name, value))]));
