import type { Slice } from '../../kafka/record.ts';
import type { Comparison, Condition } from './path.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;

/**
 * Tells whether a value meets a condition. Strings compare by their bytes, numbers by their value, and false is less than true; objects,
 * arrays and null do not compare.
 *
 * @param value JSON text that has been checked; null where there is none
 */
export function meets(value: Slice | null, condition: Condition): boolean {
  if (condition.kind === 'is') return isTakenFor(value, condition.what) !== condition.negated;
  if (value === null) return false;
  if (condition.kind === 'exists') return true;
  const isString = value.bytes[value.start] === QUOTE;
  if (condition.kind === 'like') return isString && condition.glob.matches(stringOf(value)) !== condition.negated;

  const { comparison, text, number } = condition;
  if (isString) return holds(comparison, Buffer.compare(Buffer.from(stringOf(value)), Buffer.from(text)));
  if (isNumber(value)) return Number.isNaN(number) ? comparison === '!=' : holds(comparison, Math.sign(numberOf(value) - number));
  const truth = truthOf(value);
  if (truth === null) return false;
  if (text === 'true' || text === 'false') return holds(comparison, Number(truth) - Number(text === 'true'));
  return comparison === '!=';
}

function holds(comparison: Comparison, order: number): boolean {
  if (comparison === '==') return order === 0;
  if (comparison === '!=') return order !== 0;
  if (comparison === '<') return order < 0;
  if (comparison === '<=') return order <= 0;
  return comparison === '>' ? order > 0 : order >= 0;
}

/** An absent value counts as null and as false. A string counts as what it says, a number as true unless it is 0. */
function isTakenFor(value: Slice | null, what: 'true' | 'false' | 'null' | '*'): boolean {
  if (what === '*') return value !== null;
  const isNull = value === null || value.bytes[value.start] === LOWER_N;
  if (what === 'null') return isNull;
  if (isNull) return what === 'false';
  const isTrue = what === 'true';
  if (value.bytes[value.start] === QUOTE) return (isTrue ? SAYS_TRUE : SAYS_FALSE).test(stringOf(value));
  return isNumber(value) ? (numberOf(value) !== 0) === isTrue : truthOf(value) === isTrue;
}

const SAYS_TRUE = /^(?:1|t|true)$/i;
const SAYS_FALSE = /^(?:0|f|false)$/i;

/** True or false; null for anything else. */
function truthOf({ bytes, start }: Slice): boolean | null {
  return bytes[start] === LOWER_T ? true : bytes[start] === LOWER_F ? false : null;
}

const isNumber = ({ bytes, start }: Slice): boolean => bytes[start] === MINUS || (bytes[start] >= ZERO && bytes[start] <= NINE);

const textOf = ({ bytes, start, end }: Slice): string => bytes.toString('utf8', start, end);
const numberOf = (value: Slice): number => Number(textOf(value));
const stringOf = (value: Slice): string => JSON.parse(textOf(value));
