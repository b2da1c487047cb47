import type { GatewayError } from '../../errors.ts';
import type { JsonScanner } from '../../json/json-scanner.ts';
import { readMemberName } from '../../json/member-name.ts';
import { notAJsonMessage } from '../../messages/pubsub.ts';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const DECIMAL = /^(-?(?:0|[1-9]\d{0,19}))(?:\.0{1,16})?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const INT32 = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** Reads the scanner's next value, that of the member with this path. */
export type ReadMember<Value> = (json: JsonScanner, path: string) => Value;

/** The readers of a message's members, by their names in camel case. */
export type Readers<Message> = { readonly [Name in keyof Message]: ReadMember<Message[Name]> };

/**
 * Reads a message in proto3's JSON: names in camel case or as in the .proto file, integers as numbers or strings, bytes in base64 of
 * either alphabet. A member that is null counts as absent. An invalid value is a BadRequest with its path. Only the readers' results are
 * kept.
 *
 * @param where the path of the message for errors; empty for the outermost
 */
export function readMessage<Message extends object>(json: JsonScanner, where: string, readers: Readers<Message>): Partial<Message> {
  if (json.peek() !== OPEN_BRACE) throw misfit(where, 'an object');
  const message: Partial<Message> = {};
  const seen = new Set<string>();
  if (!json.enter(CLOSE_BRACE)) return message;
  do {
    const given = readMemberName(json);
    const name = given.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!isKnown(name, readers)) throw unknownMember(where, given, Object.keys(readers));
    const path = where === '' ? name : `${where}.${name}`;
    if (seen.has(name)) throw notAJsonMessage(`${path} is there twice`);
    seen.add(name);
    if (!json.null()) message[name] = readers[name](json, path);
  } while (json.more(CLOSE_BRACE));
  return message;
}

const isKnown = <Message extends object>(name: PropertyKey, readers: Readers<Message>): name is keyof Message =>
  Object.hasOwn(readers, name);

function unknownMember(where: string, given: string, names: readonly string[]): GatewayError {
  return notAJsonMessage(`${where || 'the message'} has a member "${shown(given)}", and may have ${names.join(', ') || 'none'}`);
}

/** Reads a list of messages: the results of `read`. */
export const listOf =
  <Value>(read: ReadMember<Value>): ReadMember<Value[]> =>
  (json, path) => {
    if (json.peek() !== OPEN_BRACKET) throw misfit(path, 'an array');
    const list: Value[] = [];
    if (!json.enter(CLOSE_BRACKET)) return list;
    do list.push(read(json, `${path}[${list.length}]`));
    while (json.more(CLOSE_BRACKET));
    return list;
  };

/** @param names of an enum's values, in the order of their numbers, from 0 */
export const int32 =
  (...names: readonly string[]): ReadMember<number> =>
  (json, path) => {
    const value = scalar(json);
    const number = typeof value === 'string' ? names.indexOf(value) : -1;
    return number >= 0 ? number : Number(integer(value, path, INT32));
  };

export const int64: ReadMember<bigint> = (json, path) => integer(scalar(json), path, INT64);

export const text: ReadMember<string> = (json, path) => {
  const value = scalar(json);
  if (typeof value !== 'string') throw misfit(path, 'a string');
  return value;
};

export const bytes: ReadMember<Buffer> = (json, path) => {
  const value = scalar(json);
  if (typeof value === 'string' && BASE64.test(value)) {
    const found = Buffer.from(value, 'base64');
    const digits = value.replace(/=+$/, '').length;
    if (found.length === Math.floor((digits * 3) / 4) && digits % 4 !== 1) return found;
  }
  throw misfit(path, 'a string of base64');
};

/** Reads the scanner's next value; undefined for an array or an object. */
function scalar(json: JsonScanner): unknown {
  const first = json.peek();
  const start = json.at;
  json.value();
  if (first === OPEN_BRACKET || first === OPEN_BRACE) return undefined;
  // Most strings have no escapes, and JSON.parse costs more than they are long.
  const inside = first === QUOTE ? json.bytes.toString('utf8', start + 1, json.at - 1) : '\\';
  return inside.includes('\\') ? JSON.parse(json.bytes.toString('utf8', start, json.at)) : inside;
}

function integer(value: unknown, path: string, { min, max }: { min: bigint; max: bigint }): bigint {
  const found = integerOf(value);
  if (found !== null && found >= min && found <= max) return found;
  throw misfit(path, `an integer from ${min} to ${max}, beyond 2^53 as a string`);
}

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'string') {
    const [, digits] = DECIMAL.exec(value) ?? [];
    return digits === undefined ? null : BigInt(digits);
  }
  // JSON.parse rounds larger numbers.
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

/** A client's name for the log, so that it cannot break a line or fill the log. */
const shown = (name: string): string => name.slice(0, 80).replace(/[^ -~]|["\\]/g, '?');

const misfit = (path: string, what: string): GatewayError => notAJsonMessage(`${path || 'it'} must be ${what}`);
