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

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** A 64-bit integer has 19. */
const MOST_ZEROS = 20;

/** A JSON number as an integer of up to 64 bits, in any notation; null when it is not an integer, or far too large. */
export function integerOf(text: string): bigint | null {
  const [, sign, whole, fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = `${whole}${fraction}`.replace(/0+$/, '');
  if (digits === '' || /^0*$/.test(digits)) return 0n;
  const shift = Number(exponent) + whole.length - digits.length;
  if (shift < 0 || shift > MOST_ZEROS) return null;
  return BigInt(`${sign}${digits}${'0'.repeat(shift)}`);
}
