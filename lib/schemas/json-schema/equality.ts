import { ExactNumber } from '../exact-numbers.ts';
import { isPlainObject } from '../misfit.ts';
import type { WorkBudget } from '../work-budget.ts';
import { canonicalNumber } from './decimal.ts';

/** The cost of an object or an array, in steps. */
const STEPS_OF_PARTS = 10;

export const hasParts = (value: unknown): boolean => Array.isArray(value) || isPlainObject(value);

/** The same key for scalar values that are equal in JSON Schema. JavaScript numbers are their own keys. */
export function keyOf(value: unknown): unknown {
  if (typeof value === 'string') return `"${value}`;
  return value instanceof ExactNumber ? keyOfNumber(value) : value;
}

/** A number may have more digits than it needs: `1.500000000000000000`. */
function keyOfNumber(value: ExactNumber): unknown {
  const [number, key] = [Number(value.text), canonicalNumber(value)];
  return Number.isFinite(number) && canonicalNumber(number) === key ? number : key;
}

/** Whether two values are equal in JSON Schema: 1 and 1.0 are, and objects with their members in another order. */
export function isEqual(a: unknown, b: unknown, budget: WorkBudget): boolean {
  budget.spend(1);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i], budget));
  if (!isPlainObject(a)) return !hasParts(b) && keyOf(a) === keyOf(b);
  if (!isPlainObject(b)) return false;
  const names = Object.keys(a);
  budget.spend(names.length);
  const others = Object.keys(b).length;
  return names.length === others && names.every((name) => Object.hasOwn(b, name) && isEqual(a[name], b[name], budget));
}

/** The same key for equal values, and only for those. */
export function uniqueKey(value: unknown, budget: WorkBudget): unknown {
  if (hasParts(value)) return canonical(value, budget);
  budget.spend(1);
  return keyOf(value);
}

function canonical(value: unknown, budget: WorkBudget): string {
  budget.spend(hasParts(value) ? STEPS_OF_PARTS : 1);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, budget)).join()}]`;
  if (isPlainObject(value)) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, budget)}`).join()}}`;
  }
  const key = keyOf(value);
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}
