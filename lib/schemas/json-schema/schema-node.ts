import { Misfit } from '../misfit.ts';
import type { WorkBudget } from '../work-budget.ts';
import type { Resource } from './schema-index.ts';

/** Why a value does not fit; `path` leads to the part at fault. */
export interface Fault {
  path: string;
  message: string;
}

/** Checks a value by one keyword. @returns null when it fits */
export type Check = (value: unknown, run: Run, marks: Marks | null) => Fault | null;

export const faultOf = (message: string, path = ''): Fault => ({ path, message });

/** Turns the fault of a part into that of the whole. */
export function faultInside(fault: Fault | null, step: string): Fault | null {
  if (fault !== null) fault.path = step + fault.path;
  return fault;
}

/** How deep evaluations may be nested: they recurse. */
const MAX_DEPTH = 1800;
/** The cost of evaluating a schema, in steps. */
const STEPS = 5;

/** The parts of a value that keywords have evaluated; `unevaluated…` checks the others. */
export class Marks {
  names: Set<string> | 'all' = new Set();
  /** All items before this index are evaluated; `items` has others. */
  upTo = 0;
  readonly items = new Set<number>();

  add(other: Marks, run: Run): void {
    if (other.names === 'all') this.names = 'all';
    else if (this.names !== 'all') {
      run.budget.spend(other.names.size);
      for (const name of other.names) this.names.add(name);
    }
    this.upTo = Math.max(this.upTo, other.upTo);
    run.budget.spend(other.items.size);
    for (const item of other.items) this.items.add(item);
  }
}

/** One evaluation of a schema. */
export class Run {
  readonly budget: WorkBudget;
  /** Whether evaluated parts are marked. */
  readonly marks: boolean;
  /** The resources entered so far, the outermost first. */
  readonly resources: Resource[] = [];
  #depth = 0;

  constructor(budget: WorkBudget, marks: boolean) {
    this.budget = budget;
    this.marks = marks;
  }

  enter(): void {
    this.budget.spend(STEPS);
    if (++this.#depth > MAX_DEPTH) throw new Misfit(`is judged by more than ${MAX_DEPTH} schemas in each other: make them refer less`);
  }

  leave(): void {
    this.#depth--;
  }
}

/** A compiled schema. */
export class SchemaNode {
  readonly resource: Resource;
  /** Filled after construction, because schemas may refer to themselves. */
  readonly checks: Check[] = [];
  /** True for the schema `false`. */
  readonly isNothing: boolean;

  constructor(resource: Resource, isNothing: boolean) {
    this.resource = resource;
    this.isNothing = isNothing;
  }

  /** @param outer gets the marks if the value fits */
  evaluate(value: unknown, run: Run, outer: Marks | null): Fault | null {
    run.enter();
    const { resources } = run;
    const entered = resources.at(-1) !== this.resource;
    if (entered) resources.push(this.resource);
    const marks = run.marks ? new Marks() : null;
    let fault: Fault | null = null;
    for (const check of this.checks) {
      fault = check(value, run, marks);
      if (fault !== null) break;
    }
    if (fault === null && outer !== null && marks !== null) outer.add(marks, run);
    if (entered) resources.pop();
    run.leave();
    return fault;
  }
}
