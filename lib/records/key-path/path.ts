import type { Glob } from './glob.ts';

/**
 * A way to a value inside a JSON value. Its stages, which `|` separates, are taken one after the other, each in what the one before has
 * found.
 */
export type KeyPath = readonly Stage[];

/** Steps from the outside in. Those behind an `each` or a query of all are taken in every element. */
export type Stage = readonly Step[];

export type Step = NameStep | EachStep | QueryStep;

/** A name in UTF-8, or a pattern that names fit. */
export type MemberName = Buffer | Glob;

/** The member of an object with a name, the first whose value has what the following steps want; or the element of an array. */
export interface NameStep {
  kind: 'name';
  name: MemberName;
  /** The element of an array, from 0; -1 where the name is no number. */
  index: number;
}

/** `#`: the elements of an array, or how many there are where no step follows. In an object it is a name like any other. */
export interface EachStep {
  kind: 'each';
  name: MemberName;
}

/** `#(…)`, the first element that meets a condition; `#(…)#`, all of them. */
export interface QueryStep {
  kind: 'query';
  all: boolean;
  /** To what of an element the condition applies; null for the element itself. */
  path: KeyPath | null;
  condition: Condition;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What is asked of a value: whether it is there, what it is taken for, how it compares, or whether its text is like a pattern. */
export type Condition =
  | { kind: 'exists' }
  | { kind: 'is'; what: 'true' | 'false' | 'null' | '*'; negated: boolean }
  | { kind: 'like'; glob: Glob; negated: boolean }
  | { kind: 'compare'; comparison: Comparison; text: string; number: number };
