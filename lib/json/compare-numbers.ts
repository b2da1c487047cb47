import { compareDecimals, decimalOf } from './decimal.ts';

/** The number that a text is; NaN for one that is none. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/**
 * Compares two numbers by their texts: negative where the first is less, NaN where one is none. Where their doubles are the same, as they
 * may be beyond 2^53 and next to zero, their digits decide.
 */
export function compareNumbers(a: string, b: string): number {
  const [first, second] = [numberOf(a), numberOf(b)];
  if (first !== second) return first < second ? -1 : first > second ? 1 : Number.NaN;
  const [left, right] = [decimalOf(a.trim()), decimalOf(b.trim())];
  return left === null || right === null ? 0 : compareDecimals(left, right);
}
