const INTEGER = /^(?:-?(?:0|[1-9]\d{0,15})|\d{1,16})(?:\.0{1,16})?$/;

/**
 * Reads a decimal integer: `7`, or `7.0` as Lua, R and PHP write it when all numbers have a fraction.
 *
 * @returns null for any other text, and for a value that a number cannot hold exactly
 */
export function parseInteger(text: string): number | null {
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  // Minus zero is zero.
  return Number.isSafeInteger(value) ? value + 0 : null;
}

/** The integer in a value of parsed JSON, as a number or as a string; null for any other value. */
export function integerOf(value: unknown): number | null {
  if (typeof value === 'string') return parseInteger(value);
  // JSON.parse has rounded what a number cannot hold exactly: it is not what was sent.
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : null;
}

/** The same within bounds; null outside of them. */
export function integerWithin(value: unknown, min: number, max: number): number | null {
  const integer = integerOf(value);
  return integer !== null && integer >= min && integer <= max ? integer : null;
}
