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

/** Puts the fault of a part as that of the whole. */
export function faultInside(fault: Fault | null, step: string): Fault | null {
  if (fault !== null) fault.path = step + fault.path;
  return fault;
}

/** Evaluations may nest this deep: it recurses. */
const MAX_DEPTH = 1800;
/** What evaluating a schema costs, in steps. */
const STEPS = 5;

/** Parts of a value that some keyword has looked at; `unevaluated…` looks at the others. */
export class Marks {
  names: Set<string> | 'all' = new Set();
  /** Items up to here, and others. */
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
  /** Whether parts are marked. */
  readonly marks: boolean;
  /** Those entered, the outermost first. */
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

/** A schema that is compiled. */
export class SchemaNode {
  readonly resource: Resource;
  /** Filled in when it is compiled: schemas may refer to themselves. */
  readonly checks: Check[] = [];
  /** True of `false`. */
  readonly isNothing: boolean;

  constructor(resource: Resource, isNothing: boolean) {
    this.resource = resource;
    this.isNothing = isNothing;
  }

  /** @param outer gets the marks of what fits */
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
