import { ExactNumber } from '../exact-numbers.ts';

/** A JSON number with all its digits: `digits` times ten to the power of `exponent`; the last digit is not zero. */
interface Decimal {
  digits: bigint;
  exponent: number;
}

export type JsonNumber = number | ExactNumber;

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** The most digits of a number: Java's JSON parsers accept no more. */
export const MOST_DIGITS = 1000;
const MOST_EXPONENT = 1e9;

export const isNumber = (value: unknown): value is JsonNumber => typeof value === 'number' || value instanceof ExactNumber;

/** Whether a number is an integer, in any notation. */
export const isInteger = (value: JsonNumber): boolean =>
  typeof value === 'number' ? Number.isInteger(value) : decimalOf(value).exponent >= 0;

/** Negative when the first is less, positive when it is greater. */
export function compare(a: JsonNumber, b: JsonNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const one = decimalOf(a);
  const other = decimalOf(b);
  const signs = signOf(one) - signOf(other);
  if (signs !== 0 || one.digits === 0n) return signs;
  const magnitudes = magnitudeOf(one) - magnitudeOf(other);
  if (magnitudes !== 0) return magnitudes * signOf(one);
  // Equal magnitudes: the exponents differ by less than the number of digits.
  const least = Math.min(one.exponent, other.exponent);
  const difference = scaled(one, least) - scaled(other, least);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Whether a number is a multiple of another, in decimal arithmetic. */
export function isMultiple(value: JsonNumber, of: JsonNumber): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(of)) return Number(value) % Number(of) === 0;
  const { digits, exponent } = decimalOf(value);
  const divisor = decimalOf(of);
  if (digits === 0n) return true;
  const shift = exponent - divisor.exponent;
  // The last of its digits is not zero.
  if (shift < 0) return digits % (divisor.digits * 10n ** BigInt(Math.min(-shift, MOST_DIGITS + 1))) === 0n;
  return (digits * powerOfTen(shift, divisor.digits)) % divisor.digits === 0n;
}

/** The same text for equal numbers. */
export function canonicalNumber(value: JsonNumber): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  const { digits, exponent } = decimalOf(value);
  return exponent >= 0 && exponent < 20 ? String(digits * 10n ** BigInt(exponent)) : `${digits}e${exponent}`;
}

function decimalOf(value: JsonNumber): Decimal {
  const text = value instanceof ExactNumber ? value.text : String(value);
  const [, sign, whole = '0', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const all = whole + fraction;
  const significant = all.replace(/0+$/, '');
  if (significant === '') return { digits: 0n, exponent: 0 };
  const power = Math.max(-MOST_EXPONENT, Math.min(MOST_EXPONENT, Number(exponent)));
  return { digits: BigInt(sign + significant), exponent: power - fraction.length + all.length - significant.length };
}

const signOf = ({ digits }: Decimal): number => (digits === 0n ? 0 : digits < 0n ? -1 : 1);

/** The number of digits before the point; zero or negative if the digits begin after it. */
const magnitudeOf = ({ digits, exponent }: Decimal): number => String(digits < 0n ? -digits : digits).length + exponent;

const scaled = ({ digits, exponent }: Decimal, to: number): bigint => digits * 10n ** BigInt(exponent - to);

function powerOfTen(power: number, modulus: bigint): bigint {
  const positive = modulus < 0n ? -modulus : modulus;
  let result = 1n % positive;
  let base = 10n % positive;
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * base) % positive;
    base = (base * base) % positive;
  }
  return result;
}
