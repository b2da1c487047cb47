import { decimalOf, exponentOf, withZeros } from '../json/decimal.ts';

/** A JSON number with more digits than a JavaScript number keeps. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Thrown when a value may have lost digits: the caller tries again with {@link parseExactly}. */
export class DigitsLost extends Error {}

/** Up to this many digits, parsing a JSON number loses none. */
export const EXACT_DIGITS = 15;

/** Parses JSON; numbers that may have lost digits become an {@link ExactNumber}. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && mayHaveLost(value, context.source)
      ? new ExactNumber(context.source)
      : value,
  );
}

const mayHaveLost = (value: number, source: string): boolean =>
  digitsIn(source) > EXACT_DIGITS || Math.abs(value) > Number.MAX_SAFE_INTEGER;

/** How many digits a number has before its exponent. */
export const digitsIn = (text: string): number => text.replace(/[eE].*/, '').replace(/\D/g, '').length;

/** An integer of 64 bits has no more. */
const MOST_DIGITS = 20;

/** A decimal number as an integer of up to 64 bits, in any notation; null when it is not an integer, or far too large. */
export function integerOf(text: string): bigint | null {
  const decimal = decimalOf(text);
  if (decimal === null) return null;
  const zeros = exponentOf(decimal);
  if (zeros < 0 || decimal.digits.length + zeros > MOST_DIGITS) return null;
  return withZeros(decimal, zeros);
}
