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

/** Parses JSON; numbers that would lose digits become what `exact` makes of their text. */
export function parseExactly(text: string, exact: (text: string) => unknown = (digits) => new ExactNumber(digits)): unknown {
  return JSON.parse(text, (_name, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && digitsIn(context.source) > EXACT_DIGITS ? exact(context.source) : value,
  );
}

/** How many digits a number has before its exponent. */
export const digitsIn = (text: string): number => text.replace(/[eE].*/, '').replace(/\D/g, '').length;
