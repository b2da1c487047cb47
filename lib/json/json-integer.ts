import { parseInteger } from '../integer.ts';
import type { JsonScanner } from './json-scanner.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Decimal digits of 2^53-1, the largest safe integer. */
const MOST_DIGITS = 16;

/** What {@link readInteger} returns for anything else. */
export const NO_INTEGER = -1;

/**
 * Passes a value that should be an integer from 0 to `max` (at most 2^53-1): `7`, `7.0` or `"7"`, as clients in other languages write it.
 * Refuses exponents.
 *
 * @returns the integer, or NO_INTEGER
 * @throws {GatewayError} BadRequest when it is not a JSON value
 */
export function readInteger(json: JsonScanner, max: number): number {
  json.peek();
  const start = json.at;
  json.value();
  const { bytes, at: end } = json;
  if (end - start > MOST_DIGITS) return otherwise(json, start, max);
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte < ZERO || byte > NINE) return otherwise(json, start, max);
    // In this order, no intermediate sum exceeds the safe integers.
    value = value * 10 + (byte - ZERO);
  }
  return value <= max ? value : NO_INTEGER;
}

/** Reads an integer that is not written in digits alone. */
function otherwise({ bytes, at: end }: JsonScanner, start: number, max: number): number {
  const quotes = bytes[start] === QUOTE ? 1 : 0;
  if (bytes[start + quotes] === MINUS) return NO_INTEGER;
  const value = parseInteger(bytes.toString('latin1', start + quotes, end - quotes)) ?? NO_INTEGER;
  return value <= max ? value : NO_INTEGER;
}
