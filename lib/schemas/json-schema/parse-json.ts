import { digitsIn, EXACT_DIGITS, ExactNumber } from '../exact-numbers.ts';
import { Misfit } from '../misfit.ts';
import { MOST_DIGITS } from './decimal.ts';

const EXPONENT_OF_THREE = /\d[eE][+-]?\d{3}/;
const LONG_NUMBER = /\d{8}|\d\.\d{7}/;

/** Closer to zero, JavaScript numbers have fewer digits. */
const LEAST = 1e-290;

/**
 * Parses JSON. A number that JavaScript cannot represent becomes an ExactNumber.
 *
 * @throws {Misfit} when a number has more digits than any reader accepts
 */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text) && !EXPONENT_OF_THREE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined || isKept(value, source)) return value;
    // Those of its exponent count as well: arithmetic with those takes its time, too.
    if (source.replace(/\D/g, '').length > MOST_DIGITS) throw new Misfit(`has a number of more than ${MOST_DIGITS} digits`);
    return new ExactNumber(source);
  });
}

/** Whether a JavaScript number keeps all digits of its text. */
const isKept = (value: number, source: string): boolean =>
  digitsIn(source) <= EXACT_DIGITS && Number.isFinite(value) && (Math.abs(value) > LEAST || !/^-?[.0]*[1-9]/.test(source));
