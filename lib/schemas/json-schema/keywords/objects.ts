import { isPlainObject, memberStep } from '../../misfit.ts';
import { countIn, type Keyword, type KeywordContext, membersIn, namesIn } from '../keyword.ts';
import type { Pattern } from '../pattern/pattern.ts';
import { type Check, type Fault, faultInside, faultOf, type Marks, type Run, type SchemaNode } from '../schema-node.ts';

function mark(marks: Marks | null, name: string): void {
  if (marks !== null && marks.names !== 'all') marks.names.add(name);
}

/** The fault of a member that the schema does not allow. */
export const unknownMember = (name: string): Fault => faultOf('is unknown: the schema has no such property', memberStep(name));

function memberFault(data: Readonly<Record<string, unknown>>, name: string, node: SchemaNode, run: Run): Fault | null {
  return faultInside(node.evaluate(data[name], run, null), memberStep(name));
}

function propertiesCheck(nodes: ReadonlyMap<string, SchemaNode>): Check {
  const few = [...nodes];
  return (data, run, marks) => {
    if (!isPlainObject(data)) return null;
    const names = Object.keys(data);
    run.budget.spend(names.length);
    if (few.length <= names.length) {
      for (const [name, node] of few) {
        if (!Object.hasOwn(data, name)) continue;
        const fault = memberFault(data, name, node, run);
        if (fault !== null) return fault;
        mark(marks, name);
      }
      return null;
    }
    for (const name of names) {
      const node = nodes.get(name);
      if (node === undefined) continue;
      const fault = memberFault(data, name, node, run);
      if (fault !== null) return fault;
      mark(marks, name);
    }
    return null;
  };
}

const patternsIn = (value: unknown, { pattern, node }: KeywordContext): [Pattern, SchemaNode][] =>
  membersIn('patternProperties', value).map(([source, schema]) => [pattern(source), node(schema)]);

function patternCheck(patterns: readonly [Pattern, SchemaNode][]): Check {
  return (data, run, marks) => {
    if (!isPlainObject(data)) return null;
    for (const name of Object.keys(data)) {
      for (const [pattern, node] of patterns) {
        if (!pattern(name, run.budget)) continue;
        const fault = memberFault(data, name, node, run);
        if (fault !== null) return fault;
        mark(marks, name);
      }
    }
    return null;
  };
}

function additionalCheck(node: SchemaNode, context: KeywordContext): Check {
  const { properties, patternProperties } = context.schema;
  const known = new Set(properties === undefined ? [] : membersIn('properties', properties).map(([name]) => name));
  const patterns = patternProperties === undefined ? [] : patternsIn(patternProperties, context).map(([pattern]) => pattern);
  return (data, run, marks) => {
    if (!isPlainObject(data)) return null;
    const names = Object.keys(data);
    run.budget.spend(names.length);
    for (const name of names) {
      if (known.has(name) || patterns.some((pattern) => pattern(name, run.budget))) continue;
      const fault = node.isNothing ? unknownMember(name) : memberFault(data, name, node, run);
      if (fault !== null) return fault;
      mark(marks, name);
    }
    return null;
  };
}

function requiredCheck(names: readonly string[], because: string): Check {
  return (data, run) => {
    if (!isPlainObject(data)) return null;
    run.budget.spend(names.length >> 2);
    const missing = names.find((name) => !Object.hasOwn(data, name));
    return missing === undefined ? null : faultOf(`must have required property '${missing}'${because}`);
  };
}

/** Applies checks if a member is present. */
function dependentCheck(checks: ReadonlyMap<string, Check>): Check {
  return (data, run, marks) => {
    if (!isPlainObject(data)) return null;
    const names = Object.keys(data);
    run.budget.spend(names.length);
    for (const name of names) {
      const fault = checks.get(name)?.(data, run, marks) ?? null;
      if (fault !== null) return fault;
    }
    return null;
  };
}

const requiredBeside = (name: string, names: readonly string[]): Check => requiredCheck(names, `, as it has '${name}'`);

/** Keywords for objects, except `unevaluatedProperties`. */
export const objectKeywords: readonly Keyword[] = [
  {
    name: 'maxProperties',
    make(value) {
      const most = countIn('maxProperties', value);
      return (data) =>
        isPlainObject(data) && Object.keys(data).length > most ? faultOf(`must NOT have more than ${most} properties`) : null;
    },
  },
  {
    name: 'minProperties',
    make(value) {
      const least = countIn('minProperties', value);
      return (data) =>
        isPlainObject(data) && Object.keys(data).length < least ? faultOf(`must NOT have fewer than ${least} properties`) : null;
    },
  },
  {
    name: 'required',
    // In draft 03 it is a boolean in the members' schemas, which later drafts ignore.
    make: (value) => (typeof value === 'boolean' ? null : requiredCheck(namesIn('required', value), '')),
  },
  {
    name: 'dependentRequired',
    from: 2019,
    make: (value) =>
      dependentCheck(
        new Map(
          membersIn('dependentRequired', value).map(([name, names]) => [name, requiredBeside(name, namesIn('dependentRequired', names))]),
        ),
      ),
  },
  {
    name: 'propertyNames',
    from: 6,
    make(value, context) {
      const node = context.node(value);
      return (data, run) => {
        if (!isPlainObject(data)) return null;
        for (const name of Object.keys(data)) {
          const fault = node.evaluate(name, run, null);
          if (fault !== null) return faultOf(`has a name that ${fault.message}`, memberStep(name));
        }
        return null;
      };
    },
  },
  {
    name: 'properties',
    make: (value, { node }) => propertiesCheck(new Map(membersIn('properties', value).map(([name, schema]) => [name, node(schema)]))),
  },
  { name: 'patternProperties', make: (value, context) => patternCheck(patternsIn(value, context)) },
  { name: 'additionalProperties', make: (value, context) => additionalCheck(context.node(value), context) },
  {
    name: 'dependentSchemas',
    from: 2019,
    make: (value, { node }) =>
      dependentCheck(new Map(membersIn('dependentSchemas', value).map(([name, schema]) => [name, inPlace(node(schema))]))),
  },
  {
    // Later drafts dropped it, but validators still apply it.
    name: 'dependencies',
    make: (value, { node }) =>
      dependentCheck(
        new Map(
          membersIn('dependencies', value).map(([name, one]) => [
            name,
            Array.isArray(one) ? requiredBeside(name, namesIn('dependencies', one)) : inPlace(node(one)),
          ]),
        ),
      ),
  },
];

const inPlace =
  (node: SchemaNode): Check =>
  (data, run, marks) =>
    node.evaluate(data, run, marks);
