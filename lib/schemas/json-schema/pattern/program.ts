import type { Characters } from './characters.ts';
import type { PatternTree, Position } from './parse-pattern.ts';

/** A pattern compiled to steps between states. */
export interface Program {
  steps: readonly Step[];
  start: number;
  scratch: Scratch;
}

/** Memory that scans reuse: the round in which each state was last entered. */
export interface Scratch {
  entered: Uint32Array;
  round: number;
}

export type Step =
  | { kind: 'characters'; characters: Characters; next: number }
  | { kind: 'split'; next: number; other: number }
  | { kind: 'position'; at: Position; next: number }
  /** Whether the look-around with this index holds here. */
  | { kind: 'look'; index: number; negated: boolean; next: number }
  | { kind: 'match' };

/** A program whose matches tell where a look-around holds: where they begin, or for a lookbehind, where they end. */
export interface LookAround extends Program {
  behind: boolean;
}

export interface Compiled {
  main: Program;
  /** Each comes after those inside it. */
  looks: readonly LookAround[];
}

/** Counts the steps of all patterns of a schema. */
export interface StepCount {
  left: number;
}

/**
 * Compiles a pattern. Repetitions are unrolled.
 *
 * @throws {Error} when that takes too many steps
 */
export function compilePattern(tree: PatternTree, count: StepCount): Compiled {
  const looks: LookAround[] = [];
  return { main: programOf(tree, false, looks, count), looks };
}

/** @param backwards whether it reads the text from its end */
function programOf(tree: PatternTree, backwards: boolean, looks: LookAround[], count: StepCount): Program {
  const steps: Step[] = [];
  const spend = (): void => {
    if (--count.left < 0) throw new Error('the patterns of the schema are too large: repeat less, or leave one out');
  };
  const add = (step: Step): number => {
    spend();
    return steps.push(step) - 1;
  };

  /** Adds the steps that lead from the returned state through a part to the state `next`. */
  const before = (part: PatternTree, next: number): number => {
    switch (part.kind) {
      case 'characters':
        return add({ kind: 'characters', characters: part.characters, next });
      case 'position':
        return add({ kind: 'position', at: part.at, next });
      case 'sequence': {
        const parts = backwards ? part.parts : part.parts.toReversed();
        return parts.reduce((state, one) => before(one, state), next);
      }
      case 'either':
        return part.parts.map((one) => before(one, next)).reduceRight((other, state) => add({ kind: 'split', next: state, other }));
      case 'repeat':
        return repeat(part, next);
      case 'look': {
        // A lookahead is matched from the end of the text, so that one scan finds all its positions.
        const look = programOf(part.part, !part.behind, looks, count);
        const index = looks.push({ ...look, behind: part.behind }) - 1;
        return add({ kind: 'look', index, negated: part.negated, next });
      }
    }
  };

  const repeat = ({ part, min, max }: PatternTree & { kind: 'repeat' }, next: number): number => {
    let state = next;
    if (max === Number.POSITIVE_INFINITY) {
      const split = { kind: 'split' as const, next, other: next };
      state = add(split);
      split.next = before(part, state);
    } else {
      for (let i = min; i < max; i++) state = add({ kind: 'split', next: before(part, state), other: next });
    }
    for (let i = 0; i < min; i++) {
      // Count it even if the part is empty.
      spend();
      state = before(part, state);
    }
    return state;
  };

  const match = add({ kind: 'match' });
  const start = before(tree, match);
  return { steps, start, scratch: { entered: new Uint32Array(steps.length), round: 0 } };
}
