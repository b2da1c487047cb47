import type { JsonScanner } from './json-scanner.ts';
import { unescapeString } from './json-string.ts';

const EQUALS = 0x3d;
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** The six bits of each byte of the alphabet; -1 for every other byte. */
const sextets = new Int8Array(256).fill(-1);
alphabet.forEach((byte, i) => {
  sextets[byte] = i;
});

/** The two characters for each value of twelve bits, the first one in the lower byte. */
const pairs = Uint16Array.from({ length: 4096 }, (_, bits) => alphabet[bits >> 6] | (alphabet[bits & 63] << 8));

/** From this many bytes on, Node's encoder is faster than a loop, despite the string that it makes. */
const NATIVE_FROM = 192;

/** What {@link readBase64} returns for a string that is not base64. */
export const NOT_BASE64 = -1;

/**
 * Passes a JSON string whose opening quote the caller has seen, and decodes it in place: the first decoded byte is at `json.at + 1`, where
 * `json.at` is from before the call.
 * Base64 is RFC 4648's with the standard alphabet. Padding is optional, but must be right if present. Anything else is refused: the URL
 * alphabet, whitespace, other characters, an impossible length; Node's own decoder would skip all these. JSON escapes are resolved, because
 * some encoders write `\/` and `\u002b`. Bits beyond the last byte are ignored.
 *
 * @returns the end of the decoded bytes, or NOT_BASE64
 * @throws {GatewayError} BadRequest when it is not a JSON string either
 */
export function readBase64(json: JsonScanner): number {
  const { bytes } = json;
  const start = json.at + 1;
  const from = decodeGroups(bytes, start, json.end, start);
  const to = start + decodedLength(from - start);

  json.at = from;
  const { escapes } = json;
  json.stringRest();
  const end = json.at - 1;
  if (json.escapes === escapes) return decodeLast(bytes, from, end, to);

  const unescaped = unescapeString(bytes, from, end);
  const last = decodeGroups(bytes, from, unescaped, to);
  return decodeLast(bytes, last, unescaped, to + decodedLength(last - from));
}

const decodedLength = (wholeGroups: number) => (wholeGroups / 4) * 3;

/** Decodes whole groups of four characters; returns where the first other one begins. */
function decodeGroups(bytes: Buffer, start: number, end: number, target: number): number {
  let from = start;
  for (let to = target; from + 4 <= end; from += 4, to += 3) {
    const bits =
      (sextets[bytes[from]] << 18) | (sextets[bytes[from + 1]] << 12) | (sextets[bytes[from + 2]] << 6) | sextets[bytes[from + 3]];
    if (bits < 0) break;
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
  }
  return from;
}

/** Decodes the last group, of two or three characters, with or without padding. */
function decodeLast(bytes: Buffer, from: number, end: number, to: number): number {
  if (from === end) return to;
  let length = end - from;
  if (length === 4 && bytes[from + 3] === EQUALS) length = bytes[from + 2] === EQUALS ? 2 : 3;
  if (length !== 2 && length !== 3) return NOT_BASE64;

  const bits = (sextets[bytes[from]] << 18) | (sextets[bytes[from + 1]] << 12) | (length === 3 ? sextets[bytes[from + 2]] << 6 : 0);
  if (bits < 0) return NOT_BASE64;
  bytes[to] = bits >> 16;
  if (length === 2) return to + 1;
  bytes[to + 1] = bits >> 8;
  return to + 2;
}

/** The length of the padded base64 text for this many bytes. */
export const base64Length = (bytes: number) => Math.ceil(bytes / 3) * 4;

/**
 * Writes bytes as padded base64 into a buffer with room for {@link base64Length}; `view` is the buffer's view. Returns the end of the text.
 */
export function writeBase64(bytes: Buffer, start: number, end: number, out: Buffer, view: DataView, target: number): number {
  if (end - start >= NATIVE_FROM) return target + out.write(bytes.toString('base64', start, end), target, 'latin1');
  let from = start;
  let to = target;
  for (; from + 3 <= end; from += 3, to += 4) {
    const bits = (bytes[from] << 16) | (bytes[from + 1] << 8) | bytes[from + 2];
    view.setInt32(to, pairs[bits >> 12] | (pairs[bits & 4095] << 16), true);
  }
  if (from === end) return to;
  const two = end - from === 2;
  const bits = (bytes[from] << 16) | (two ? bytes[from + 1] << 8 : 0);
  view.setInt32(to, pairs[bits >> 12] | (two ? alphabet[(bits >> 6) & 63] << 16 : EQUALS << 16) | (EQUALS << 24), true);
  return to + 4;
}
