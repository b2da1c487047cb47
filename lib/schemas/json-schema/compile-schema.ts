import { isPlainObject } from '../misfit.ts';
import type { WorkBudget } from '../work-budget.ts';
import type { Keyword, KeywordContext } from './keyword.ts';
import { arrayKeywords } from './keywords/arrays.ts';
import { combinationKeywords, referenceKeywords, unevaluatedKeywords } from './keywords/combinations.ts';
import { objectKeywords } from './keywords/objects.ts';
import { textKeywords } from './keywords/texts.ts';
import { valueKeywords } from './keywords/values.ts';
import { type Pattern, patternOf } from './pattern/pattern.ts';
import type { Resource, SchemaIndex } from './schema-index.ts';
import { type Fault, faultOf, Run, SchemaNode } from './schema-node.ts';
import { isJudgedBy } from './vocabularies.ts';

const keywords: readonly Keyword[] = [
  ...referenceKeywords,
  ...valueKeywords,
  ...textKeywords,
  ...arrayKeywords,
  ...objectKeywords,
  ...combinationKeywords,
  ...unevaluatedKeywords,
];

/** The most steps of all patterns of a schema together. */
const MOST_PATTERN_STEPS = 200_000;

/** Returns why a value does not fit a schema; null when it does. Throws a Misfit when the budget is exhausted. */
export type Judge = (value: unknown, budget: WorkBudget) => Fault | null;

/**
 * Compiles a schema and all that it refers to, each schema once. Generates no code, and ignores unknown keywords.
 *
 * @throws {Error} saying what is wrong with it
 */
export function compileSchema(index: SchemaIndex, root: Resource): Judge {
  const compiler = new Compiler(index);
  const node = compiler.node(root.root, root);
  compiler.finish();
  const { marks } = compiler;
  return (value, budget) => node.evaluate(value, new Run(budget, marks), null);
}

class Compiler {
  readonly #index: SchemaIndex;
  readonly #nodes = new Map<unknown, SchemaNode>();
  readonly #patterns = new Map<string, Pattern>();
  readonly #anchors = new Map<string, Map<Resource, SchemaNode>>();
  readonly #reached = new Set<Resource>();
  readonly #steps = { left: MOST_PATTERN_STEPS };
  readonly #waiting: [Readonly<Record<string, unknown>>, SchemaNode][] = [];
  /** Whether some keyword needs to know which parts the others have evaluated. */
  marks = false;

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  /** Compiles from a queue, not recursively: schemas may be deeply nested. */
  finish(): void {
    do {
      for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#compile(...next);
      for (const [anchor, nodes] of this.#anchors) this.#addDynamic(anchor, nodes);
    } while (this.#waiting.length > 0);
  }

  /** Adds the schemas that may replace a dynamic anchor: those of resources reached so far. */
  #addDynamic(anchor: string, nodes: Map<Resource, SchemaNode>): void {
    for (const resource of this.#reached) {
      const schema = resource.dynamicAnchors.get(anchor);
      if (schema !== undefined && !nodes.has(resource)) nodes.set(resource, this.node(schema, resource));
    }
  }

  node(schema: unknown, resource: Resource): SchemaNode {
    const known = this.#nodes.get(schema);
    if (known !== undefined && typeof schema === 'object') return known;
    if (typeof schema !== 'boolean' && !isPlainObject(schema)) throw new Error('a schema must be an object or a boolean');
    const own = (isPlainObject(schema) ? this.#index.resourceOf(schema) : undefined) ?? resource;
    const node = new SchemaNode(own, schema === false);
    this.#reached.add(own);
    if (isPlainObject(schema)) {
      this.#nodes.set(schema, node);
      this.#waiting.push([schema, node]);
    } else if (!schema) node.checks.push(() => faultOf('boolean schema is false'));
    return node;
  }

  #compile(schema: Readonly<Record<string, unknown>>, { resource, checks }: SchemaNode): void {
    const { draft } = resource;
    const context: KeywordContext = {
      schema,
      resource,
      node: (one) => this.node(one, resource),
      referred: (reference) => {
        const found = this.#index.find(reference, resource);
        return this.node(found.schema, found.resource);
      },
      dynamic: (anchor) => this.#dynamic(anchor),
      pattern: (source) => this.#pattern(source),
    };
    // Before 2019-09, `$ref` replaces all other keywords beside it.
    const isReference = draft <= 7 && typeof schema.$ref === 'string';
    const vocabularies = draft < 2019 ? null : this.#index.vocabulariesOf(resource);
    for (const { name, from = 4, to = 2020, make } of keywords) {
      if (!Object.hasOwn(schema, name) || draft < from || draft > to || (isReference && name !== '$ref')) continue;
      if (draft >= 2019 && !isJudgedBy(name, vocabularies)) continue;
      if (name.startsWith('unevaluated')) this.marks = true;
      const check = make(schema[name], context);
      if (check !== null) checks.push(check);
    }
  }

  #dynamic(anchor: string): ReadonlyMap<Resource, SchemaNode> {
    const known = this.#anchors.get(anchor) ?? new Map<Resource, SchemaNode>();
    this.#anchors.set(anchor, known);
    return known;
  }

  #pattern(source: string): Pattern {
    const known = this.#patterns.get(source);
    if (known !== undefined) return known;
    const pattern = patternOf(source, this.#steps);
    this.#patterns.set(source, pattern);
    return pattern;
  }
}
