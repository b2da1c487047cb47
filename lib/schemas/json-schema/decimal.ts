import { compareDecimals, type Decimal, decimalOf, exponentAbove, exponentOf, ZERO } from '../../json/decimal.ts';
import { ExactNumber } from '../exact-numbers.ts';

export type JsonNumber = number | ExactNumber;

/** The most digits of a number: Java's JSON parsers accept no more. */
export const MOST_DIGITS = 1000;

export const isNumber = (value: unknown): value is JsonNumber => typeof value === 'number' || value instanceof ExactNumber;

/** Whether a number is an integer, in any notation. */
export const isInteger = (value: JsonNumber): boolean =>
  typeof value === 'number' ? Number.isInteger(value) : exponentOf(decimalIn(value)) >= 0;

/** Negative when the first is less, positive when it is greater. */
export const compare = (a: JsonNumber, b: JsonNumber): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareDecimals(decimalIn(a), decimalIn(b));

/** Whether a number is a multiple of another, in decimal arithmetic. */
export function isMultiple(value: JsonNumber, of: JsonNumber): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) return Number(value) % Number(of) === 0;
  const [number, divisor] = [decimalIn(value), decimalIn(of)];
  if (number.digits === '') return true;
  const shift = exponentAbove(number, divisor);
  // The last of its digits is not zero, so ten does not divide them.
  if (shift < 0) return false;
  // A digit has less than four factors of two or five: further tens cancel nothing.
  const tens = 10n ** BigInt(Math.min(shift, 4 * divisor.digits.length));
  return (BigInt(number.digits) * tens) % BigInt(divisor.digits) === 0n;
}

/** The same text for equal numbers, and for no others. */
export function canonicalNumber(value: JsonNumber): string {
  const decimal = decimalIn(value);
  const { isNegative, digits, exponent, shift } = decimal;
  const power = exponentOf(decimal);
  // Beyond 2^53 that is rounded, and two numbers would have one text.
  return `${isNegative ? '-' : ''}${digits}e${Number.isSafeInteger(power) ? power : BigInt(exponent) + BigInt(shift)}`;
}

const decimalIn = (value: JsonNumber): Decimal => decimalOf(value instanceof ExactNumber ? value.text : String(value)) ?? ZERO;
