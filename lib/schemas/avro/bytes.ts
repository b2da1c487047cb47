import { ExactNumber } from '../exact-numbers.ts';
import { kindOf, Misfit } from '../misfit.ts';
import { bytesOfDecimal, bytesOfDuration, bytesOfUuid } from './logical.ts';
import type { AvroFixed, Primitive, Write } from './types.ts';

/** The bytes of a UUID or a duration as people write it; null for any other text or type. */
export function logicalBytes(text: string, logical: AvroFixed['logical']): Buffer | null {
  if (logical?.name === 'uuid') return bytesOfUuid(text);
  return logical?.name === 'duration' ? bytesOfDuration(text) : null;
}

/**
 * In Avro's JSON, bytes are a string; each character is one byte.
 *
 * @throws {Misfit} when the value is none
 */
export function bytesOf(value: unknown): Buffer {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are bytes
  if (typeof value === 'string' && /^[\x00-\xff]*$/.test(value)) return Buffer.from(value, 'latin1');
  throw new Misfit(`must be bytes, a string of the characters \\u0000 to \\u00ff, and is ${kindOf(value)}`);
}

/** A decimal's text is its digits, never bytes: bytes could look like digits. */
export const isDecimal = (value: unknown, ofDefaults: boolean): value is number | ExactNumber | string =>
  typeof value === 'number' || value instanceof ExactNumber || (typeof value === 'string' && !ofDefaults);

/**
 * The content of a value of the type `bytes`.
 *
 * @throws {Misfit} when the value does not fit
 * @throws {DigitsLost} when parsing may have lost digits of a decimal
 */
export const bytesToWrite = (value: unknown, logical: Primitive['logical'], ofDefaults: boolean): Buffer =>
  logical?.name === 'decimal' && isDecimal(value, ofDefaults) ? bytesOfDecimal(value, logical, null) : bytesOf(value);

/**
 * Writes a value of the type `bytes` that is the whole content of a record: Java's serializer writes it without its length, and Java's
 * deserializer reads it so.
 */
export const writeBareBytes =
  ({ logical }: Primitive): Write =>
  (value, out) =>
    out.raw(bytesToWrite(value, logical, false));
