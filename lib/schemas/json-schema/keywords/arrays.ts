import { uniqueKey } from '../equality.ts';
import { countIn, type Keyword, type KeywordContext, mustBe, schemasIn } from '../keyword.ts';
import { type Check, faultInside, faultOf, type SchemaNode } from '../schema-node.ts';

/** Checks the first items, each with its own schema. */
const prefix =
  (nodes: readonly SchemaNode[]): Check =>
  (data, run, marks) => {
    if (!Array.isArray(data)) return null;
    const length = Math.min(nodes.length, data.length);
    for (let i = 0; i < length; i++) {
      const fault = faultInside(nodes[i].evaluate(data[i], run, null), `[${i}]`);
      if (fault !== null) return fault;
    }
    if (marks !== null) marks.upTo = Math.max(marks.upTo, length);
    return null;
  };

/** Checks all items from a position on with one schema. */
const rest =
  (node: SchemaNode, from: number): Check =>
  (data, run, marks) => {
    if (!Array.isArray(data)) return null;
    if (node.isNothing && data.length > from) return faultOf(`must NOT have more than ${from} items`);
    for (let i = from; i < data.length; i++) {
      const fault = faultInside(node.evaluate(data[i], run, null), `[${i}]`);
      if (fault !== null) return fault;
    }
    if (marks !== null) marks.upTo = data.length;
    return null;
  };

const lengthIn = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function containsCheck(node: SchemaNode, { schema, resource }: KeywordContext): Check {
  const bounds = resource.draft >= 2019;
  const least = bounds && schema.minContains !== undefined ? countIn('minContains', schema.minContains) : 1;
  const most = bounds && schema.maxContains !== undefined ? countIn('maxContains', schema.maxContains) : Number.POSITIVE_INFINITY;
  return (data, run, marks) => {
    if (!Array.isArray(data)) return null;
    let count = 0;
    for (let i = 0; i < data.length; i++) {
      if (node.evaluate(data[i], run, null) !== null) continue;
      count++;
      if (resource.draft === 2020) marks?.items.add(i);
      if (marks === null && most === Number.POSITIVE_INFINITY && count >= least) return null;
    }
    if (count < least) return faultOf(`must contain at least ${least} valid item(s)`);
    return count > most ? faultOf(`must contain at most ${most} valid item(s)`) : null;
  };
}

/** Keywords for arrays, except `unevaluatedItems`. */
export const arrayKeywords: readonly Keyword[] = [
  {
    name: 'maxItems',
    make(value) {
      const most = countIn('maxItems', value);
      return (data) => (Array.isArray(data) && data.length > most ? faultOf(`must NOT have more than ${most} items`) : null);
    },
  },
  {
    name: 'minItems',
    make(value) {
      const least = countIn('minItems', value);
      return (data) => (Array.isArray(data) && data.length < least ? faultOf(`must NOT have fewer than ${least} items`) : null);
    },
  },
  {
    name: 'uniqueItems',
    make(value) {
      if (typeof value !== 'boolean') return mustBe('uniqueItems', 'true or false');
      if (!value) return null;
      return (data, { budget }) => {
        if (!Array.isArray(data)) return null;
        const seen = new Set<unknown>();
        const twice = data.findIndex((item) => seen.size === seen.add(uniqueKey(item, budget)).size);
        if (twice >= 0) return faultOf(`must NOT have duplicate items: item ${twice} is there before`);
        return null;
      };
    },
  },
  { name: 'prefixItems', from: 2020, make: (value, context) => prefix(schemasIn('prefixItems', value, context)) },
  {
    name: 'items',
    make(value, context) {
      if (context.resource.draft === 2020) return rest(context.node(value), lengthIn(context.schema.prefixItems));
      if (!Array.isArray(value)) return rest(context.node(value), 0);
      return prefix(value.map(context.node));
    },
  },
  {
    name: 'additionalItems',
    to: 2019,
    make: (value, context) => (Array.isArray(context.schema.items) ? rest(context.node(value), context.schema.items.length) : null),
  },
  { name: 'contains', from: 6, make: (value, context) => containsCheck(context.node(value), context) },
];
