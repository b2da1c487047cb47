import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { isPlainObject, Misfit, memberStep } from '../misfit.ts';
import { scalarTypes } from './proto-file.ts';

/** Reads a JSON value as a message; throws when it does not fit. */
export type TryMessage = (message: DescMessage, json: JsonValue) => unknown;

/** How much may still be tried; nested values count each time. */
interface Search {
  left: number;
}

/** The limit, in values and fields of messages. */
const MOST_TRIED = 500_000;

function countTried(json: JsonValue, search: Search): void {
  search.left--;
  if (typeof json !== 'object' || json === null) return;
  for (const part of Object.values(json)) {
    if (search.left < 0) return;
    countTried(part, search);
  }
}

/** Finds the part of a JSON value at fault by trying its messages one by one: the library names the field, but not the path to it. */
export function misfitIn(
  error: unknown,
  message: DescMessage,
  json: JsonValue,
  tryMessage: TryMessage,
  search: Search = { left: MOST_TRIED },
): Misfit {
  const part = isPlainObject(json) && !isWellKnown(message) ? partAtFault(message, json, tryMessage, search) : null;
  if (part === null) return new Misfit(`is no ${message.typeName}${hintAt(message, error)}`);
  const misfit = part.message === null ? fieldMisfit(part.field) : misfitIn(part.error, part.message, part.json, tryMessage, search);
  misfit.path = part.step + misfit.path;
  return misfit;
}

interface Part {
  step: string;
  json: JsonValue;
  /** Undefined when the message has no such field. */
  field: DescField | undefined;
  /** Null when the field itself is at fault. */
  message: DescMessage | null;
  error: unknown;
}

function partAtFault(message: DescMessage, json: Readonly<Record<string, JsonValue>>, tryMessage: TryMessage, search: Search): Part | null {
  for (const [name, value] of Object.entries(json)) {
    const step = memberStep(name);
    const error = failureOf(message, { [name]: value }, tryMessage, search);
    if (error === null) continue;
    const field = message.fields.find((one) => one.jsonName === name || one.name === name);
    const parts = field === undefined ? [] : messagesIn(field, value);
    for (const part of parts) {
      const inner = failureOf(part.message, part.json, tryMessage, search);
      if (inner !== null) return { step: step + part.step, json: part.json, field, message: part.message, error: inner };
    }
    return { step, json: value, field, message: null, error };
  }
  return null;
}

/** The messages in a field's value. */
function messagesIn(field: DescField, json: JsonValue): { step: string; json: JsonValue; message: DescMessage }[] {
  const { message } = field;
  if (message === undefined || json === null) return [];
  if (field.fieldKind === 'list' && Array.isArray(json)) return json.map((item, i) => ({ step: `[${i}]`, json: item, message }));
  if (field.fieldKind === 'map' && isJsonObject(json)) {
    return Object.entries(json).map(([name, item]) => ({ step: memberStep(name), json: item, message }));
  }
  return field.fieldKind === 'message' ? [{ step: '', json, message }] : [];
}

const isJsonObject = (json: JsonValue): json is Record<string, JsonValue> => isPlainObject(json);

/**
 * Why the message does not fit; null when it does. Also null when the search is exhausted: the caller then reports the part found so far.
 */
function failureOf(message: DescMessage, json: JsonValue, tryMessage: TryMessage, search: Search): unknown {
  search.left -= message.fields.length;
  countTried(json, search);
  if (search.left < 0) return null;
  try {
    tryMessage(message, json);
    return null;
  } catch (error) {
    return error;
  }
}

/** Their JSON has a special form, not their fields. */
const isWellKnown = ({ typeName }: DescMessage): boolean => typeName.startsWith('google.protobuf.');

const forms: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': ', such as "2031-05-06T07:08:09.123Z"',
  'google.protobuf.Duration': ', such as "1.5s"',
};

/** Takes only names from the library's message, which may quote the data. */
function hintAt({ typeName }: DescMessage, error: unknown): string {
  const [, names] = /oneof set multiple times by (\w+ and \w+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return names === undefined ? (forms[typeName] ?? '') : `: only one of ${names} can be set`;
}

function fieldMisfit(field: DescField | undefined): Misfit {
  if (field === undefined) return new Misfit('is unknown: the message has no such field');
  const kind =
    field.fieldKind === 'list'
      ? `an array of ${kindOf(field)}`
      : field.fieldKind === 'map'
        ? `an object of ${kindOf(field)}`
        : kindOf(field);
  return new Misfit(`must be ${kind}`);
}

function kindOf({ message, enum: values, scalar }: DescField): string {
  if (message !== undefined) return message.typeName;
  if (values === undefined) return Object.keys(scalarTypes).find((name) => scalarTypes[name] === scalar) ?? 'a value';
  const names = values.values.slice(0, 20).map(({ name }) => name);
  return `${values.typeName}, one of ${names.join(', ')}`;
}
