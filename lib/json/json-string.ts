import { halfASurrogatePair } from '../messages/produce.ts';
import type { JsonScanner } from './json-scanner.ts';
import type { Place } from './place.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** What {@link unescapeString} returns for text that UTF-8 cannot encode. */
export const LONE_SURROGATE = -1;

/** The byte for each letter after a backslash; 0 for an illegal one, and for `u`. */
const MEANT = Uint8Array.from({ length: 256 }, (_, letter) => (letter < 0x80 ? escaped(String.fromCharCode(letter)) : 0));
/** The values of hexadecimal digits; -1 for any other byte. */
const HEX = Int8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()));

function escaped(letter: string): number {
  const at = 'bfnrt"\\/'.indexOf(letter);
  return at < 0 ? 0 : '\b\f\n\r\t"\\/'.charCodeAt(at);
}

/**
 * Passes a string whose opening quote the caller has seen, and resolves its escapes in place, in one pass. Its content begins after that
 * quote, at `json.at + 1`, where `json.at` is from before the call.
 *
 * @returns the end of the content
 * @throws {GatewayError} BadRequest for malformed JSON; InvalidRecord for half of a surrogate pair: written to Kafka as UTF-8, it would
 *   silently become a replacement character
 */
export function readString(json: JsonScanner, place: Place): number {
  const { bytes } = json;
  let at = json.at + 1;
  for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
    if (byte === BACKSLASH) return readEscaped(json, at, place);
    if (!(byte >= SPACE)) refuse(json, at, place);
  }
  json.at = at + 1;
  return at;
}

/** Passes the rest of a string from its first escape on. */
function readEscaped(json: JsonScanner, from: number, place: Place): number {
  const { bytes } = json;
  let at = from;
  let to = from;
  for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
    if (byte !== BACKSLASH) {
      if (!(byte >= SPACE)) refuse(json, at, place);
      bytes[to++] = byte;
      at++;
    } else {
      const meant = MEANT[bytes[at + 1]];
      if (meant > 0) {
        bytes[to++] = meant;
        at += 2;
      } else {
        const point = codePoint(bytes, at, bytes.length);
        if (point < 0) refuse(json, at, place);
        to = writeUtf8(bytes, to, point);
        at += point < 0x10000 ? 6 : 12;
      }
    }
  }
  json.at = at + 1;
  return to;
}

/** Refuses a string because of one of its characters. */
function refuse(json: JsonScanner, at: number, place: Place): never {
  json.at = at;
  json.stringRest(); // throws for malformed JSON
  throw halfASurrogatePair(place);
}

/**
 * Resolves the escapes of a valid JSON string's content in place: the text is never longer than its escaped form.
 *
 * @returns the new end, or LONE_SURROGATE for a `\u` escape that is half of a surrogate pair (the bytes are then partly overwritten)
 */
export function unescapeString(bytes: Buffer, start: number, end: number): number {
  let at = bytes.indexOf(BACKSLASH, start);
  if (at < 0 || at >= end) return end;
  let to = at;
  while (at < end) {
    const byte = bytes[at];
    const meant = byte === BACKSLASH ? MEANT[bytes[at + 1]] : byte;
    if (meant > 0) {
      bytes[to++] = meant;
      at += byte === BACKSLASH ? 2 : 1;
    } else {
      const point = codePoint(bytes, at, end);
      if (point < 0) return LONE_SURROGATE;
      to = writeUtf8(bytes, to, point);
      at += point < 0x10000 ? 6 : 12;
    }
  }
  return to;
}

/**
 * The code point of the escape at a position, which has six bytes, or twelve beyond 0xffff; negative for half of a surrogate pair, or for
 * any other text.
 */
function codePoint(bytes: Buffer, at: number, end: number): number {
  const point = bytes[at + 1] === LOWER_U ? hex4(bytes, at + 2) : -1;
  if (point < 0xd800 || point > 0xdfff) return point;
  const isFollowed = point < 0xdc00 && end - at >= 12 && bytes[at + 6] === BACKSLASH && bytes[at + 7] === LOWER_U;
  const low = isFollowed ? hex4(bytes, at + 8) : 0;
  return low < 0xdc00 || low > 0xdfff ? LONE_SURROGATE : 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
}

const hex4 = (bytes: Buffer, at: number): number =>
  (hexDigit(bytes, at) << 12) | (hexDigit(bytes, at + 1) << 8) | (hexDigit(bytes, at + 2) << 4) | hexDigit(bytes, at + 3);

const hexDigit = (bytes: Buffer, at: number): number => HEX[bytes[at] ?? 0];

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
