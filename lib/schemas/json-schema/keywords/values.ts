import { isPlainObject } from '../../misfit.ts';
import { compare, isInteger, isMultiple, isNumber, type JsonNumber } from '../decimal.ts';
import { hasParts, isEqual, keyOf } from '../equality.ts';
import { type Keyword, mustBe, namesIn } from '../keyword.ts';
import { type Check, faultOf } from '../schema-node.ts';

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: (value) => Array.isArray(value),
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => isNumber(value) && isInteger(value),
  null: (value) => value === null,
  number: isNumber,
  object: isPlainObject,
  string: (value) => typeof value === 'string',
};

function typeCheck(value: unknown): Check {
  const names = typeof value === 'string' ? [value] : namesIn('type', value);
  const unknown = names.find((name) => !Object.hasOwn(types, name));
  if (unknown !== undefined || names.length === 0) mustBe('type', `some of ${Object.keys(types).join(', ')}`);
  const tests = [...new Set(names)].map((name) => types[name]);
  const message = `must be ${names.join(',')}`;
  if (tests.length === 1) {
    const [test] = tests;
    return (data) => (test(data) ? null : faultOf(message));
  }
  return (data) => (tests.some((test) => test(data)) ? null : faultOf(message));
}

function enumCheck(values: readonly unknown[], message: string): Check {
  const parts = values.filter(hasParts);
  const others = new Set(values.filter((value) => !hasParts(value)).map(keyOf));
  return (data, { budget }) => {
    if (!hasParts(data)) return others.has(keyOf(data)) ? null : faultOf(message);
    return parts.some((value) => isEqual(value, data, budget)) ? null : faultOf(message);
  };
}

const numeric =
  (keyword: string, sign: string, fits: (difference: number) => boolean): Keyword['make'] =>
  (value) => {
    if (!isNumber(value)) return mustBe(keyword, 'a number');
    return boundCheck(value, sign, fits);
  };

function boundCheck(bound: JsonNumber, sign: string, fits: (difference: number) => boolean): Check {
  const message = `must be ${sign} ${typeof bound === 'number' ? bound : bound.text}`;
  return (data) => (!isNumber(data) || fits(compare(data, bound)) ? null : faultOf(message));
}

/** In draft 04, a keyword beside the bound says whether it is exclusive. */
const bound = (keyword: 'minimum' | 'maximum', exclusive: string): Keyword => ({
  name: keyword,
  make(value, { schema, resource }) {
    if (!isNumber(value)) return mustBe(keyword, 'a number');
    const isExclusive = resource.draft === 4 && Object.hasOwn(schema, exclusive) && schema[exclusive] === true;
    if (keyword === 'minimum') return isExclusive ? boundCheck(value, '>', (by) => by > 0) : boundCheck(value, '>=', (by) => by >= 0);
    return isExclusive ? boundCheck(value, '<', (by) => by < 0) : boundCheck(value, '<=', (by) => by <= 0);
  },
});

/** Keywords for values of any type, and for numbers. */
export const valueKeywords: readonly Keyword[] = [
  { name: 'type', make: typeCheck },
  {
    name: 'enum',
    make: (value) => (Array.isArray(value) ? enumCheck(value, 'must be equal to one of the allowed values') : mustBe('enum', 'an array')),
  },
  { name: 'const', from: 6, make: (value) => enumCheck([value], 'must be equal to constant') },
  bound('minimum', 'exclusiveMinimum'),
  bound('maximum', 'exclusiveMaximum'),
  { name: 'exclusiveMinimum', from: 6, make: numeric('exclusiveMinimum', '>', (by) => by > 0) },
  { name: 'exclusiveMaximum', from: 6, make: numeric('exclusiveMaximum', '<', (by) => by < 0) },
  {
    name: 'multipleOf',
    make(value) {
      if (!isNumber(value) || compare(value, 0) <= 0) return mustBe('multipleOf', 'a number above 0');
      const message = `must be multiple of ${typeof value === 'number' ? value : value.text}`;
      return (data) => (!isNumber(data) || isMultiple(data, value) ? null : faultOf(message));
    },
  },
];
