import { isPlainObject, memberStep } from '../../misfit.ts';
import { type Keyword, type KeywordContext, mustBe, schemasIn } from '../keyword.ts';
import { type Check, type Fault, faultInside, faultOf, type SchemaNode } from '../schema-node.ts';
import { unknownMember } from './objects.ts';

/** Picks the fault that explains best why no branch fits: that of the branch that got furthest. */
function furthest(best: Fault | null, next: Fault): Fault {
  return best === null || next.path.length > best.path.length ? next : best;
}

function anyCheck(nodes: readonly SchemaNode[]): Check {
  return (data, run, marks) => {
    let best: Fault | null = null;
    let fits = false;
    for (const node of nodes) {
      const fault = node.evaluate(data, run, marks);
      if (fault !== null) best = furthest(best, fault);
      else if (marks === null) return null;
      else fits = true;
    }
    if (fits) return null;
    return best !== null && (best.path !== '' || nodes.length === 1) ? best : faultOf('must match a schema in anyOf');
  };
}

function oneCheck(nodes: readonly SchemaNode[]): Check {
  return (data, run, marks) => {
    let best: Fault | null = null;
    let count = 0;
    for (const node of nodes) {
      const fault = node.evaluate(data, run, marks);
      if (fault !== null) best = furthest(best, fault);
      else if (++count > 1) break;
    }
    if (count === 1) return null;
    const isTold = count === 0 && best !== null && (best.path !== '' || nodes.length === 1);
    return isTold ? best : faultOf('must match exactly one schema in oneOf');
  };
}

function conditionCheck(condition: SchemaNode, { schema, node }: KeywordContext): Check | null {
  const [then, otherwise] = ['then', 'else'].map((name) => (Object.hasOwn(schema, name) ? node(schema[name]) : null));
  return (data, run, marks) => {
    const branch = condition.evaluate(data, run, marks) === null ? then : otherwise;
    return branch === null ? null : branch.evaluate(data, run, marks);
  };
}

/** Follows a dynamic reference: an outer schema may replace its target. */
function dynamicCheck(reference: string, anchor: string, { referred, dynamic }: KeywordContext): Check {
  const fixed = referred(reference);
  if (!fixed.resource.dynamicAnchors.has(anchor)) return (data, run, marks) => fixed.evaluate(data, run, marks);
  const nodes = dynamic(anchor);
  return (data, run, marks) => {
    run.budget.spend(run.resources.length);
    const outermost = run.resources.find((resource) => nodes.has(resource));
    const chosen = outermost === undefined ? undefined : nodes.get(outermost);
    return (chosen ?? fixed).evaluate(data, run, marks);
  };
}

/** Keywords that refer to other schemas; they come first. */
export const referenceKeywords: readonly Keyword[] = [
  {
    name: '$ref',
    make(value, { referred }) {
      if (typeof value !== 'string') return mustBe('$ref', 'a string');
      const node = referred(value);
      return (data, run, marks) => node.evaluate(data, run, marks);
    },
  },
  {
    name: '$recursiveRef',
    from: 2019,
    to: 2019,
    make: (value, context) => (typeof value === 'string' ? dynamicCheck(value, '', context) : mustBe('$recursiveRef', 'a string')),
  },
  {
    name: '$dynamicRef',
    from: 2020,
    make: (value, context) =>
      typeof value === 'string' ? dynamicCheck(value, value.slice(value.indexOf('#') + 1), context) : mustBe('$dynamicRef', 'a string'),
  },
];

/** Keywords that combine schemas. */
export const combinationKeywords: readonly Keyword[] = [
  {
    name: 'allOf',
    make(value, context) {
      const nodes = schemasIn('allOf', value, context);
      return (data, run, marks) => {
        for (const node of nodes) {
          const fault = node.evaluate(data, run, marks);
          if (fault !== null) return fault;
        }
        return null;
      };
    },
  },
  { name: 'anyOf', make: (value, context) => anyCheck(schemasIn('anyOf', value, context)) },
  { name: 'oneOf', make: (value, context) => oneCheck(schemasIn('oneOf', value, context)) },
  {
    name: 'not',
    make(value, context) {
      const node = context.node(value);
      return (data, run) => (node.evaluate(data, run, null) === null ? faultOf('must NOT be valid') : null);
    },
  },
  { name: 'if', from: 6, make: (value, context) => conditionCheck(context.node(value), context) },
];

/** Keywords for what no other keyword has evaluated; they come last. */
export const unevaluatedKeywords: readonly Keyword[] = [
  {
    name: 'unevaluatedItems',
    from: 2019,
    make(value, context) {
      const node = context.node(value);
      return (data, run, marks) => {
        if (!Array.isArray(data) || marks === null) return null;
        for (let i = marks.upTo; i < data.length; i++) {
          if (marks.items.has(i)) continue;
          const fault = node.isNothing ? faultOf('is unknown: the schema has no such item') : node.evaluate(data[i], run, null);
          if (fault !== null) return faultInside(fault, `[${i}]`);
        }
        marks.upTo = data.length;
        return null;
      };
    },
  },
  {
    name: 'unevaluatedProperties',
    from: 2019,
    make(value, context) {
      const node = context.node(value);
      return (data, run, marks) => {
        if (!isPlainObject(data) || marks === null || marks.names === 'all') return null;
        for (const name of Object.keys(data)) {
          if (marks.names.has(name)) continue;
          if (node.isNothing) return unknownMember(name);
          const fault = node.evaluate(data[name], run, null);
          if (fault !== null) return faultInside(fault, memberStep(name));
        }
        marks.names = 'all';
        return null;
      };
    },
  },
];
