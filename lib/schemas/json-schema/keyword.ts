import type { Draft } from './drafts.ts';
import type { Pattern } from './pattern/pattern.ts';
import type { Resource } from './schema-index.ts';
import type { Check, SchemaNode } from './schema-node.ts';

/** What a keyword needs to make its check. */
export interface KeywordContext {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly resource: Resource;
  /** The node of a schema inside this one. */
  node(schema: unknown): SchemaNode;
  /** The node that a reference points to. */
  referred(reference: string): SchemaNode;
  /** All nodes that may replace a dynamic anchor, by resource. */
  dynamic(anchor: string): ReadonlyMap<Resource, SchemaNode>;
  /** Compiles a regular expression. */
  pattern(source: string): Pattern;
}

/** A keyword, and the drafts that have it. */
export interface Keyword {
  name: string;
  from?: Draft;
  to?: Draft;
  /** Makes the check for the keyword's value; null when there is nothing to check. Throws an Error for an illegal value. */
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
