/** A number written in decimal, with all its digits: an integer times ten to the power of `exponent + shift`. */
export interface Decimal {
  readonly isNegative: boolean;
  /** The integer without its sign, and without zeros at either end; empty for zero. */
  readonly digits: string;
  /** As it is written, with its sign: it may have more digits than JavaScript numbers keep. */
  readonly exponent: string;
  readonly shift: number;
}

export const ZERO: Decimal = { isNegative: false, digits: '', exponent: '0', shift: 0 };

const DECIMAL = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i;
/** Further apart than any text could shift exponents. */
const FAR = 2 ** 40;

/** Reads `-12.50e3`, `.5` or `7.`, in time linear in the text; null for anything else. */
export function decimalOf(text: string): Decimal | null {
  const [matched, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const all = whole + fraction;
  if (matched === undefined || all === '') return null;
  const end = endOfDigits(all);
  if (end === 0) return ZERO;
  return { isNegative: sign === '-', digits: all.slice(0, end).replace(/^0+/, ''), exponent, shift: whole.length - end };
}

/** By a loop, as an expression for zeros at the end tries each run of zeros anew. */
function endOfDigits(digits: string): number {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return end;
}

/** The integer of a decimal, without its power of ten, and with so many zeros at its end. */
export const withZeros = ({ isNegative, digits }: Decimal, zeros: number): bigint =>
  BigInt(`${isNegative ? '-' : ''}${digits}${'0'.repeat(zeros)}`);

/** The power of ten. Beyond 2^53, and there alone, it is rounded. */
export const exponentOf = ({ exponent, shift }: Decimal): number => Number(exponent) + shift;

/** By how much the exponent of one exceeds that of another. Beyond 2^40, only the sign is right. */
export const exponentAbove = (a: Decimal, b: Decimal): number => excess(a.exponent, b.exponent) + a.shift - b.shift;

/** Negative when the first is less, positive when it is greater, 0 when both are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = signOf(a) - signOf(b);
  if (signs !== 0 || a.digits === '') return signs;
  const magnitudes = exponentAbove(a, b) + a.digits.length - b.digits.length;
  const order = magnitudes || (a.digits < b.digits ? -1 : Number(a.digits > b.digits));
  return a.isNegative ? 0 - order : order;
}

const signOf = ({ isNegative, digits }: Decimal): number => (digits === '' ? 0 : isNegative ? -1 : 1);

/** The difference of two integers, digit by digit; where it is beyond FAR, the digits that are left cannot turn its sign. */
function excess(a: string, b: string): number {
  if (a === b) return 0;
  const [signOfA, signOfB] = [a, b].map((text) => (text.startsWith('-') ? -1 : 1));
  const length = Math.max(a.length, b.length);
  const [one, other] = [a, b].map((text) => text.replace(/^[-+]/, '').padStart(length, '0'));
  let difference = 0;
  for (let at = 0; at < length && Math.abs(difference) < FAR; at++) {
    difference = difference * 10 + signOfA * Number(one[at]) - signOfB * Number(other[at]);
  }
  return difference;
}
