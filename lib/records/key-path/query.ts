import { keyPathQueryInvalid } from '../../messages/produce.ts';
import { parseGlob } from './glob.ts';
import type { Comparison, Condition, QueryStep } from './path.ts';

/** A query in a path: the text of its operand's path, and the position after its closing bracket. */
export interface ParsedQuery extends Pick<QueryStep, 'condition'> {
  operand: string;
  end: number;
}

type Operator = Comparison | '=' | '%' | '!%';

/** Longer ones come first, because shorter ones are their prefixes. */
const OPERATORS: readonly Operator[] = ['==', '!=', '!%', '<=', '>=', '=', '<', '>', '%'];
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Reads a query that begins after its opening bracket.
 *
 * @throws {GatewayError} BadRequest
 */
export function parseQuery(text: string, start: number): ParsedQuery {
  const { operatorAt, end } = extentOf(text, start);
  if (operatorAt === -1) {
    const operand = text.slice(start, end).trim();
    if (operand === '') throw keyPathQueryInvalid('is empty: name what an element must have, such as #(id) or #(type=="order")');
    return { operand, condition: { kind: 'exists' }, end: end + 1 };
  }
  const operator = OPERATORS.find((one) => text.startsWith(one, operatorAt));
  if (operator === undefined) throw keyPathQueryInvalid('has an unknown operator: use one of == != < <= > >= % !%');
  const value = text.slice(operatorAt + operator.length, end).trim();
  return { operand: text.slice(start, operatorAt).trim(), condition: conditionOf(operator, value), end: end + 1 };
}

/** Finds the operator (-1 if there is none) and the closing bracket. Skips brackets of inner queries, strings and escapes. */
function extentOf(text: string, start: number): { operatorAt: number; end: number } {
  let operatorAt = -1;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') at = endOfString(text, at);
    else if (character === '(') depth++;
    else if (character === ')' && depth-- === 0) return { operatorAt, end: at };
    else if (depth === 0 && operatorAt === -1 && '!=<>%'.includes(character)) operatorAt = at;
  }
  throw keyPathQueryInvalid('is not closed: add a )');
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  throw keyPathQueryInvalid('has a string without its closing quote');
}

function conditionOf(operator: Operator, value: string): Condition {
  const isString = value.startsWith('"');
  const text = isString ? stringOf(value) : value;
  if (operator === '%' || operator === '!%') return { kind: 'like', glob: parseGlob(text), negated: operator === '!%' };
  const comparison = operator === '=' ? '==' : operator;
  if (isString || !value.startsWith('~')) {
    return { kind: 'compare', comparison, text, number: NUMBER.test(text) ? Number(text) : Number.NaN };
  }
  const what = (['true', 'false', 'null', '*'] as const).find((one) => value === `~${one}`);
  if (what === undefined || (comparison !== '==' && comparison !== '!=')) {
    throw keyPathQueryInvalid('has an unknown ~: use ==~true, ==~false, ==~null, ==~*, or the same with !=');
  }
  return { kind: 'is', what, negated: comparison === '!=' };
}

function stringOf(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch (cause) {
    throw keyPathQueryInvalid.with({ cause }, 'has a value in quotes that is not a JSON string');
  }
}
