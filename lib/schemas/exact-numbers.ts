/** A number of JSON whose digits are more than JavaScript's numbers keep. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Thrown where a value may have lost digits, to be tried again with {@link parseExactly}. */
export class DigitsLost extends Error {}

/** What any number of JSON with so many digits keeps when it is parsed. */
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
/** An integer of 64 bits has 19. */
const MOST_ZEROS = 20;

/** The integer of up to 64 bits that a number of JSON is, however it is written; null when it is none, or far beyond that. */
export function integerOf(text: string): bigint | null {
  const [, sign, whole, fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = `${whole}${fraction}`.replace(/0+$/, '');
  if (digits === '' || /^0*$/.test(digits)) return 0n;
  const shift = Number(exponent) + whole.length - digits.length;
  if (shift < 0 || shift > MOST_ZEROS) return null;
  return BigInt(`${sign}${digits}${'0'.repeat(shift)}`);
}
