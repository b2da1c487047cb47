import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { isObject, Misfit, memberStep } from '../misfit.ts';

/** Reads a JSON value as a message, or throws. */
export type TryMessage = (message: DescMessage, json: JsonValue) => unknown;

/**
 * Finds the part of a JSON value that an error is about, by trying its messages one by one: the library names the field, not the way to
 * it.
 */
export function misfitIn(error: unknown, message: DescMessage, json: JsonValue, tryMessage: TryMessage): Misfit {
  const part = isObject(json) && !isWellKnown(message) ? partAtFault(message, json, tryMessage) : null;
  if (part === null) return new Misfit(`is no ${message.typeName}${messageOf(error)}`);
  const misfit = part.message === null ? fieldMisfit(error) : misfitIn(part.error, part.message, part.json, tryMessage);
  misfit.path = part.step + misfit.path;
  return misfit;
}

interface Part {
  step: string;
  json: JsonValue;
  /** Null where the fault is the field's own. */
  message: DescMessage | null;
  error: unknown;
}

function partAtFault(message: DescMessage, json: Readonly<Record<string, JsonValue>>, tryMessage: TryMessage): Part | null {
  for (const [name, value] of Object.entries(json)) {
    const step = memberStep(name);
    const error = failureOf(message, { [name]: value }, tryMessage);
    if (error === null) continue;
    const field = message.fields.find((one) => one.jsonName === name || one.name === name);
    const parts = field === undefined ? [] : messagesIn(field, value);
    for (const part of parts) {
      const inner = failureOf(part.message, part.json, tryMessage);
      if (inner !== null) return { step: step + part.step, json: part.json, message: part.message, error: inner };
    }
    return { step, json: value, message: null, error };
  }
  return null;
}

/** The messages that a field's value is made of. */
function messagesIn(field: DescField, json: JsonValue): { step: string; json: JsonValue; message: DescMessage }[] {
  const { message } = field;
  if (message === undefined || json === null) return [];
  if (field.fieldKind === 'list' && Array.isArray(json)) return json.map((item, i) => ({ step: `[${i}]`, json: item, message }));
  if (field.fieldKind === 'map' && isJsonObject(json)) {
    return Object.entries(json).map(([name, item]) => ({ step: memberStep(name), json: item, message }));
  }
  return field.fieldKind === 'message' ? [{ step: '', json, message }] : [];
}

const isJsonObject = (json: JsonValue): json is Record<string, JsonValue> => isObject(json);

function failureOf(message: DescMessage, json: JsonValue, tryMessage: TryMessage): unknown {
  try {
    tryMessage(message, json);
    return null;
  } catch (error) {
    return error;
  }
}

/** Their JSON is not that of their fields. */
const isWellKnown = ({ typeName }: DescMessage): boolean => typeName.startsWith('google.protobuf.');

/** The library's own words behind "from JSON:", which say what was expected. */
function messageOf(error: unknown): string {
  const [, words = ''] = /from JSON:? (.*)/s.exec(error instanceof Error ? error.message : '') ?? [];
  return words === '' ? '' : `: ${words.slice(0, 200)}`;
}

function fieldMisfit(error: unknown): Misfit {
  const text = error instanceof Error ? error.message : '';
  if (/unknown/.test(text)) return new Misfit('is unknown: the message has no such field');
  return new Misfit(`does not fit its type${messageOf(error)}`);
}
