import { type Context, createContext, Script } from 'node:vm';
import { Misfit } from '../../misfit.ts';
import type { WorkBudget } from '../../work-budget.ts';
import { parsePattern, RefersBack } from './parse-pattern.ts';
import { compilePattern, type StepCount } from './program.ts';
import { matches } from './scan.ts';

/** Whether a part of a text matches a pattern. Throws a Misfit when the budget is exhausted. */
export type Pattern = (text: string, budget: WorkBudget) => boolean;

/** The time limit of a run with back references. A run takes microseconds unless the pattern is malicious. */
const MOST_MS = 100;
/** How often a run is tried that was stopped while the machine left the process little of that time. */
const MOST_TRIES = 5;
/** What such a run costs, in steps of the budget, and what a run costs that exceeds its time. */
const STEPS_OF_RUN = 5000;
const STEPS_OF_LONG_RUN = 5_000_000;

/**
 * Compiles a regular expression into one that takes steps in proportion to the text. With back references that is impossible: V8 runs the
 * pattern, with backtracking, for a limited time.
 *
 * @throws {Error} saying what is wrong with it
 */
export function patternOf(source: string, count: StepCount): Pattern {
  try {
    const compiled = compilePattern(parsePattern(source), count);
    return (text, budget) => matches(compiled, text, budget);
  } catch (error) {
    if (error instanceof RefersBack) return withBackReferences(source);
    throw new Error(`the pattern ${JSON.stringify(source.slice(0, 80))} is none: ${error instanceof Error ? error.message : error}`);
  }
}

/** Shared by all patterns: creating it takes as long as ten runs. */
let runner: { context: Context; script: Script } | undefined;

function withBackReferences(source: string): Pattern {
  const expression = expressionOf(source);
  return (text, budget) => {
    budget.spend(STEPS_OF_RUN + text.length);
    runner ??= { context: createContext({}), script: new Script('test()') };
    runner.context.test = () => expression.test(text);
    const before = process.threadCpuUsage();
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      try {
        return runner.script.runInContext(runner.context, { timeout: MOST_MS }) === true;
      } catch (cause) {
        // The error is of the context's own Error class, so `instanceof` fails.
        if (Reflect.get(Object(cause), 'code') !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
      }
      // The limit is by the clock: a process with a small share of a processor may have been stopped for most of it.
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1000 > MOST_MS / 2) break;
    }
    budget.spend(STEPS_OF_LONG_RUN);
    throw new Misfit('takes too long to be matched with a pattern of its schema: leave out its back references');
  };
}

/** With the flag `u`, unless the pattern has escapes that the flag forbids. */
function expressionOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}
