import { patternTooComplex } from '../messages/topics.ts';
import { type Pattern, parsePattern } from './parse.ts';
import { type Step, Ways } from './ways.ts';

/** The most steps of a pattern. */
const MOST_STEPS = 2000;
/** The most steps to examine for all names that a pattern is tried with: takes well below a second. */
const MOST_LOOKED_AT = 5_000_000;

/**
 * Reads a pattern and returns a function that tells whether a whole name matches it. It follows all ways to match at once, character by
 * character, and remembers where they lead for the next names. So a name costs steps only where it is new.
 *
 * @param mostLookedAt the most steps to examine for all names
 * @throws {GatewayError} BadRequest, also from the returned function: when names lead to ever new steps
 */
export function topicPattern(text: string, mostLookedAt = MOST_LOOKED_AT): (name: string) => boolean {
  const steps: Step[] = [];
  append(steps, parsePattern(text));
  add(steps, { kind: 'match' });
  const ways = new Ways(steps, mostLookedAt);
  return (name) => ways.match(name);
}

function add(steps: Step[], step: Step): void {
  if (steps.length === MOST_STEPS) throw patternTooComplex();
  steps.push(step);
}

function append(steps: Step[], pattern: Pattern): void {
  if (pattern.kind === 'sequence') for (const part of pattern.parts) append(steps, part);
  else if (pattern.kind === 'choice') appendChoice(steps, pattern.parts);
  else if (pattern.kind === 'repeat') appendRepeat(steps, pattern);
  else add(steps, pattern);
}

function appendChoice(steps: Step[], parts: readonly Pattern[]): void {
  const choose: Step = { kind: 'go', to: [] };
  add(steps, choose);
  const ends = parts.map((part) => {
    choose.to.push(steps.length);
    append(steps, part);
    const end: Step = { kind: 'go', to: [] };
    add(steps, end);
    return end;
  });
  for (const { to } of ends) to.push(steps.length);
}

function appendRepeat(steps: Step[], { part, min, max }: Pattern & { kind: 'repeat' }): void {
  for (let i = 0; i < min; i++) {
    const before = steps.length;
    append(steps, part);
    // An empty part stays empty however often it repeats, and costs time.
    if (steps.length === before) break;
  }
  if (max === Number.POSITIVE_INFINITY) {
    const loop: Step = { kind: 'go', to: [steps.length + 1] };
    const at = steps.length;
    add(steps, loop);
    append(steps, part);
    add(steps, { kind: 'go', to: [at] });
    loop.to.push(steps.length);
    return;
  }
  const leave: number[][] = [];
  for (let i = min; i < max; i++) {
    const maybe: Step = { kind: 'go', to: [steps.length + 1] };
    add(steps, maybe);
    leave.push(maybe.to);
    append(steps, part);
  }
  for (const to of leave) to.push(steps.length);
}
