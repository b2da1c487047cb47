import type { Glob } from './glob.ts';

/** A path to a value inside a JSON value. `|` separates its stages; each stage searches in what the one before has found. */
export type KeyPath = readonly Stage[];

/** Steps from the outside in. The steps after an `each` or a query of all apply to every element. */
export type Stage = readonly Step[];

export type Step = NameStep | EachStep | QueryStep;

/** A name in UTF-8, or a pattern for names. */
export type MemberName = Buffer | Glob;

/** A member of an object: the first with this name in whose value the following steps find something; or an element of an array. */
export interface NameStep {
  kind: 'name';
  name: MemberName;
  /** The element's index, from 0; -1 where the name is not a number. */
  index: number;
}

/** `#`: the elements of an array, or their number if no step follows. In an object, an ordinary name. */
export interface EachStep {
  kind: 'each';
  name: MemberName;
}

/** `#(…)`: the first element that meets a condition; `#(…)#`: all of them. */
export interface QueryStep {
  kind: 'query';
  all: boolean;
  /** Which part of an element the condition applies to; null for the whole element. */
  path: KeyPath | null;
  condition: Condition;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What a value must be: present, true, false or null, in an order relation to another, or matching a pattern. */
export type Condition =
  | { kind: 'exists' }
  | { kind: 'is'; what: 'true' | 'false' | 'null' | '*'; negated: boolean }
  | { kind: 'like'; glob: Glob; negated: boolean }
  | { kind: 'compare'; comparison: Comparison; text: string; number: number };
