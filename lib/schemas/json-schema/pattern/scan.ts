import type { WorkBudget } from '../../work-budget.ts';
import { newline, word } from './characters.ts';
import type { Position } from './parse-pattern.ts';
import type { Compiled, Program } from './program.ts';

/** Steps are charged in batches; two of them cost one step of a budget. */
const BATCH = 4096;
const STEPS_IN_ONE = 2;
/** The cost of starting a scan, in steps of a budget. */
const STEPS_OF_START = 20;
/** Short texts share a buffer. */
const SHORT = 1024;
const shortPoints = new Uint32Array(SHORT);
const MOST_ROUNDS = 2 ** 32 - 1;

/**
 * Whether some part of a text matches a pattern. All ways to match are followed at once, so the number of steps is at most the length of
 * the text times the size of the pattern.
 *
 * @throws {Misfit} when the budget is exhausted
 */
export function matches({ main, looks }: Compiled, text: string, budget: WorkBudget): boolean {
  const points = looks.length > 0 ? pointsOf(text, budget) : null;
  const places: Uint8Array[] = [];
  if (points !== null) {
    for (const look of looks) {
      const found = new Uint8Array(points.length + 1);
      new Scan(look, points, places, budget).everywhere(look.behind, found);
      places.push(found);
    }
  }
  return new Scan(main, points ?? pointsOf(text, budget), places, budget).somewhere();
}

function pointsOf(text: string, budget: WorkBudget): Uint32Array {
  budget.spend(STEPS_OF_START + (text.length >> 2));
  if (text.length > SHORT) budget.allocate(text.length * 4);
  const points = text.length > SHORT ? new Uint32Array(text.length) : shortPoints;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    if (point > 0xffff) at++;
    points[length++] = point;
  }
  return points.subarray(0, length);
}

/** Follows the states of a program through a text, forwards or backwards. */
class Scan {
  readonly #program: Program;
  readonly #points: Uint32Array;
  readonly #places: readonly Uint8Array[];
  readonly #budget: WorkBudget;
  readonly #entered: Uint32Array;
  #round: number;
  #states: number[] = [];
  #next: number[] = [];
  readonly #stack: number[] = [];
  #steps = 0;

  constructor(program: Program, points: Uint32Array, places: readonly Uint8Array[], budget: WorkBudget) {
    this.#program = program;
    this.#points = points;
    this.#places = places;
    this.#budget = budget;
    const { scratch } = program;
    if (scratch.round + points.length + 2 > MOST_ROUNDS) {
      scratch.entered.fill(0);
      scratch.round = 0;
    }
    this.#entered = scratch.entered;
    this.#round = scratch.round;
    scratch.round += points.length + 2;
  }

  /** Whether the pattern matches from some position on. */
  somewhere(): boolean {
    const { length } = this.#points;
    for (let at = 0; ; at++) {
      this.#round++;
      // A match may begin at each position.
      if (this.#step(at, at - 1) || this.#enter(this.#program.start, at)) return this.#settle(true);
      this.#turn();
      if (at === length || (at > 0 && this.#isDone())) return this.#settle(false);
    }
  }

  /** Marks all positions where a match ends (forwards) or begins (backwards). */
  everywhere(forwards: boolean, found: Uint8Array): void {
    const { length } = this.#points;
    for (let i = 0; i <= length; i++) {
      const at = forwards ? i : length - i;
      this.#round++;
      const goesOn = this.#step(at, forwards ? at - 1 : at);
      const begins = this.#enter(this.#program.start, at);
      if (goesOn || begins) found[at] = 1;
      this.#turn();
    }
    this.#settle(true);
  }

  /** Whether no match is possible any more: no state is left, and the pattern begins with `^`. */
  #isDone(): boolean {
    const start = this.#program.steps[this.#program.start];
    return this.#states.length === 0 && start.kind === 'position' && start.at === 'start';
  }

  #settle(result: boolean): boolean {
    this.#budget.spend(Math.ceil(this.#steps / STEPS_IN_ONE));
    this.#steps = 0;
    return result;
  }

  #turn(): void {
    const { length } = this.#states;
    this.#steps += 1 + length;
    if (this.#steps > BATCH) this.#settle(true);
    [this.#states, this.#next] = [this.#next, this.#states];
    this.#next.length = 0;
  }

  /** Consumes the character at `over`. @returns whether a match is complete */
  #step(at: number, over: number): boolean {
    if (this.#states.length === 0) return false;
    const point = this.#points[over];
    let isMatch = false;
    for (const state of this.#states) {
      const step = this.#program.steps[state];
      if (step.kind === 'characters' && step.characters(point) && this.#enter(step.next, at)) isMatch = true;
    }
    return isMatch;
  }

  /** Enters a state, and those that it leads to without a character. @returns whether a match is complete */
  #enter(first: number, at: number): boolean {
    const { steps } = this.#program;
    const stack = this.#stack;
    let isMatch = false;
    stack.push(first);
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      if (this.#entered[state] === this.#round) continue;
      this.#entered[state] = this.#round;
      this.#steps++;
      const step = steps[state];
      switch (step.kind) {
        case 'characters':
          this.#next.push(state);
          break;
        case 'split':
          stack.push(step.other, step.next);
          break;
        case 'position':
          if (this.#holds(step.at, at)) stack.push(step.next);
          break;
        case 'look':
          if ((this.#places[step.index][at] === 1) !== step.negated) stack.push(step.next);
          break;
        case 'match':
          isMatch = true;
      }
    }
    return isMatch;
  }

  #holds(position: Position, at: number): boolean {
    const points = this.#points;
    switch (position) {
      case 'start':
        return at === 0;
      case 'end':
        return at === points.length;
      case 'line start':
        return at === 0 || newline(points[at - 1]);
      case 'line end':
        return at === points.length || newline(points[at]);
      default: {
        const isEdge = (at > 0 && word(points[at - 1])) !== (at < points.length && word(points[at]));
        return isEdge === (position === 'word edge');
      }
    }
  }
}
