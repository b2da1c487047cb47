import { halfASurrogatePair } from '../messages/produce.ts';
import type { JsonScanner } from './json-scanner.ts';
import type { Place } from './place.ts';

const BACKSLASH = 0x5c;
const LOWER_B = 0x62;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const LOWER_T = 0x74;
const LOWER_U = 0x75;

/** What {@link unescapeString} returns for text that UTF-8 cannot hold. */
export const LONE_SURROGATE = -1;

/**
 * Passes a string whose opening quote has been seen, and resolves its escapes in place. Its content begins after that quote, at
 * `json.at + 1` as it was before the call.
 *
 * @returns the end of the content
 * @throws {GatewayError} BadRequest for malformed JSON; InvalidRecord for half of a surrogate pair: written to Kafka as UTF-8 it would
 *   silently become a replacement character
 */
export function readString(json: JsonScanner, place: Place): number {
  const start = json.at + 1;
  const { escapes } = json;
  json.string();
  if (json.escapes === escapes) return json.at - 1;
  const end = unescapeString(json.bytes, start, json.at - 1);
  if (end === LONE_SURROGATE) {
    throw halfASurrogatePair(place);
  }
  return end;
}

/**
 * Resolves the escapes of a valid JSON string's content in place: the text is never longer than its escaped form.
 *
 * @returns the new end, or LONE_SURROGATE when a `\u` escape is half of a surrogate pair (the bytes are then partly rewritten)
 */
export function unescapeString(bytes: Buffer, start: number, end: number): number {
  let from = bytes.indexOf(BACKSLASH, start);
  if (from < 0 || from >= end) return end;
  let to = from;
  while (from < end) {
    const byte = bytes[from++];
    if (byte !== BACKSLASH) {
      bytes[to++] = byte;
      continue;
    }
    const letter = bytes[from++];
    if (letter !== LOWER_U) {
      bytes[to++] = escaped(letter);
      continue;
    }
    let point = hex4(bytes, from);
    from += 4;
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = point < 0xdc00 && end - from >= 6 && bytes[from] === BACKSLASH && bytes[from + 1] === LOWER_U ? hex4(bytes, from + 2) : 0;
      if (low < 0xdc00 || low > 0xdfff) return LONE_SURROGATE;
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
      from += 6;
    }
    to = writeUtf8(bytes, to, point);
  }
  return to;
}

function escaped(letter: number): number {
  if (letter === LOWER_N) return 0x0a;
  if (letter === LOWER_T) return 0x09;
  if (letter === LOWER_R) return 0x0d;
  if (letter === LOWER_B) return 0x08;
  if (letter === LOWER_F) return 0x0c;
  return letter;
}

const hex4 = (bytes: Buffer, at: number) =>
  (hexDigit(bytes[at]) << 12) | (hexDigit(bytes[at + 1]) << 8) | (hexDigit(bytes[at + 2]) << 4) | hexDigit(bytes[at + 3]);

/** Letters of either case have the low bits 1 to 6 for ten to fifteen. */
const hexDigit = (byte: number) => (byte < 0x40 ? byte & 15 : (byte & 15) + 9);

function writeUtf8(bytes: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    bytes[at] = 0xc0 | (point >> 6);
    bytes[at + 1] = 0x80 | (point & 63);
    return at + 2;
  }
  if (point < 0x10000) {
    bytes[at] = 0xe0 | (point >> 12);
    bytes[at + 1] = 0x80 | ((point >> 6) & 63);
    bytes[at + 2] = 0x80 | (point & 63);
    return at + 3;
  }
  bytes[at] = 0xf0 | (point >> 18);
  bytes[at + 1] = 0x80 | ((point >> 12) & 63);
  bytes[at + 2] = 0x80 | ((point >> 6) & 63);
  bytes[at + 3] = 0x80 | (point & 63);
  return at + 4;
}
