import { integerWithin } from '../../integer.ts';
import { isObject, type JsonMembers } from '../../json/json-members.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { fieldUnknown } from '../../messages/requests.ts';

/**
 * The members of a body without those that are null, which means absent.
 *
 * @param names the allowed names
 * @throws {GatewayError} InvalidRecord
 */
export function membersOfBody(json: unknown, names: readonly string[]): JsonMembers {
  if (!isObject(json)) throw placeInvalid('The body', 'a JSON object');
  const unknown = Object.keys(json).find((name) => !names.includes(name));
  if (unknown !== undefined) throw fieldUnknown(unknown);
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
}

/** @throws {GatewayError} InvalidRecord with the bounds */
export function integerIn<Otherwise>(value: unknown, name: string, min: number, max: number, otherwise: Otherwise): number | Otherwise {
  if (value === undefined) return otherwise;
  const integer = integerWithin(value, min, max);
  if (integer !== null) return integer;
  throw placeInvalid(name, `an integer from ${min} to ${max}`);
}

/** @throws {GatewayError} InvalidRecord */
export function textIn(value: unknown, name: string): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && value !== '') return value;
  throw placeInvalid(name, 'a string that is not empty');
}
