import { GatewayError } from '../errors.ts';
import type { Slice } from '../kafka/record.ts';
import { JsonScanner } from './json-scanner.ts';
import { LONE_SURROGATE, unescapeString } from './json-string.ts';
import { readMemberName } from './member-name.ts';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A way to a value inside a JSON value: one name after the other, from the outside in. */
export type KeyPath = readonly string[];

/** Characters that have a meaning in gjson's paths: anywhere, and at the beginning of a name. */
const reserved = '*?|';
const reservedFirst = '#@!{[(';

/**
 * Reads a key path such as `order.items.0.id`: names of members and indexes of arrays, separated by dots. A backslash takes its
 * meaning from the character after it: `a\.b` is one name. The syntax is a part of gjson's; what only gjson gives a meaning is refused.
 *
 * @throws {GatewayError} BadRequest
 */
export function parseKeyPath(text: string): KeyPath {
  if (text === '') throw new GatewayError('BadRequest', 'The key path is empty: name a field of the JSON body, such as order.id');
  const path: string[] = [];
  let name = '';
  let first = true;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '.') {
      path.push(name);
      name = '';
      first = true;
      continue;
    }
    if (character === '\\') {
      if (++i === text.length) throw new GatewayError('BadRequest', 'The key path ends with a backslash: write \\\\ for a real one');
    } else if (reserved.includes(character) || (first && reservedFirst.includes(character))) {
      throw new GatewayError(
        'BadRequest',
        `The key path has a ${character}, which has no meaning here: write \\${character} for a real one`,
      );
    }
    name += text[i];
    first = false;
  }
  path.push(name);
  return path;
}

/**
 * Finds a record's key in its value, a JSON text that has been checked and compacted. A string is its content, anything else its JSON
 * text. Of members with the same name the first one counts.
 *
 * @returns null when nothing is there, or JSON null; otherwise a slice, of the value's bytes where it can be
 * @throws {GatewayError} InvalidRecord for a string that UTF-8 cannot express
 */
export function findKey({ bytes, start, end }: Slice, path: KeyPath): Slice | null {
  const json = new JsonScanner(bytes, start, end);
  for (const name of path) if (!enterField(json, name)) return null;
  if (json.null()) return null;
  const from = json.at;
  const isString = json.peek() === QUOTE;
  const { escapes } = json;
  json.value();
  if (!isString) return { bytes, start: from, end: json.at };
  if (json.escapes === escapes) return { bytes, start: from + 1, end: json.at - 1 };
  return unescapedCopy(bytes.subarray(from + 1, json.at - 1));
}

/** Goes to the value that a name stands for; false when there is none. */
function enterField(json: JsonScanner, name: string): boolean {
  const byte = json.peek();
  if (byte === OPEN_BRACE) return enterMember(json, name);
  return byte === OPEN_BRACKET && /^\d+$/.test(name) && enterElement(json, Number(name));
}

function enterMember(json: JsonScanner, name: string): boolean {
  if (!json.enter(CLOSE_BRACE)) return false;
  do {
    if (readMemberName(json) === name) return true;
    json.value();
  } while (json.more(CLOSE_BRACE));
  return false;
}

function enterElement(json: JsonScanner, index: number): boolean {
  if (!json.enter(CLOSE_BRACKET)) return false;
  for (let i = 0; i < index; i++) {
    json.value();
    if (!json.more(CLOSE_BRACKET)) return false;
  }
  return true;
}

/** A copy, since the value that the key was found in must stay as it is. */
function unescapedCopy(content: Buffer): Slice {
  const bytes = Buffer.from(content);
  const end = unescapeString(bytes, 0, bytes.length);
  if (end === LONE_SURROGATE) {
    throw new GatewayError('InvalidRecord', 'The key found by the key path holds half of a surrogate pair, which UTF-8 cannot express');
  }
  return { bytes, start: 0, end };
}
