import type { Draft } from './drafts.ts';
import type { Pattern } from './pattern/pattern.ts';
import type { Resource } from './schema-index.ts';
import type { Check, SchemaNode } from './schema-node.ts';

/** What keywords are made checks with. */
export interface KeywordContext {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly resource: Resource;
  /** A schema in this one. */
  node(schema: unknown): SchemaNode;
  /** What a reference means. */
  referred(reference: string): SchemaNode;
  /** All that may take the place of what has a dynamic anchor. */
  dynamic(anchor: string): ReadonlyMap<Resource, SchemaNode>;
  /** A regular expression. */
  pattern(source: string): Pattern;
}

/** A keyword, and the drafts that have it. */
export interface Keyword {
  name: string;
  from?: Draft;
  to?: Draft;
  /** Makes a check of its value; null where there is nothing to check. Throws an Error when it may not have the value. */
  make(value: unknown, context: KeywordContext): Check | null;
}

export function mustBe(keyword: string, what: string): never {
  throw new Error(`${keyword} must be ${what}`);
}

export function countIn(keyword: string, value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : mustBe(keyword, 'an integer of at least 0');
}

export function namesIn(keyword: string, value: unknown): readonly string[] {
  const isName = (name: unknown): name is string => typeof name === 'string';
  return Array.isArray(value) && value.every(isName) ? value : mustBe(keyword, 'an array of strings');
}

export function membersIn(keyword: string, value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : mustBe(keyword, 'an object');
}

export function schemasIn(keyword: string, value: unknown, { node }: KeywordContext): SchemaNode[] {
  return Array.isArray(value) && value.length > 0 ? value.map(node) : mustBe(keyword, 'an array of schemas');
}
