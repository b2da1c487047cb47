const DECIMAL = /^\s*[-+]?0*(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i;

/** The number that a text is; NaN for one that is none. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/**
 * Compares two numbers by their texts: negative where the first is less, NaN where one is none. Where their doubles are the same, as they
 * may be beyond 2^53, their digits decide.
 */
export function compareNumbers(a: string, b: string): number {
  const [first, second] = [numberOf(a), numberOf(b)];
  if (first !== second) return first < second ? -1 : first > second ? 1 : Number.NaN;
  const [left, right] = [decimalOf(a), decimalOf(b)];
  if (left === null || right === null) return 0;
  const order = left.point - right.point || (left.digits < right.digits ? -1 : Number(left.digits > right.digits));
  return first < 0 ? -order : order;
}

/** As 0.<digits> times ten to the power of `point`; null for zero, and what is not written in decimal. */
function decimalOf(text: string): { digits: string; point: number } | null {
  const [isDecimal, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (isDecimal === undefined) return null;
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  if (digits === '') return null;
  return { digits: withoutZeros(digits), point: whole.length + Number(exponent) - (all.length - digits.length) };
}

/** By a loop, as an expression for zeros at the end tries each run of zeros anew. */
function withoutZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
