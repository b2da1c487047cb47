import { patternTooComplex } from '../messages/topics.ts';
import { type Pattern, parsePattern } from './parse.ts';

/** One step of a pattern: to take a character, to be at an end of the name, or to go on at another step, or two. */
type Step =
  | { readonly kind: 'set'; readonly takes: readonly boolean[] }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'go'; to: number[] };

/** Steps that a name is tried with, at most; each character of it costs as many at the most. */
const MOST_STEPS = 2000;

/**
 * Reads a pattern and returns what says whether the whole of a name matches it. All ways to match are followed at once, character by
 * character, so that no pattern takes longer than its steps times the length of the name.
 *
 * @throws {GatewayError} BadRequest
 */
export function topicPattern(text: string): (name: string) => boolean {
  const steps: Step[] = [];
  append(steps, parsePattern(text));
  add(steps, { kind: 'match' });
  return (name) => matches(steps, name);
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
    // What is empty is so however often, and repeated emptiness costs time.
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

function matches(steps: readonly Step[], name: string): boolean {
  let reached = new Set<number>();
  follow(steps, 0, reached, 0, name.length);
  for (let at = 0; at < name.length && reached.size > 0; at++) {
    const next = new Set<number>();
    const code = name.charCodeAt(at);
    for (const index of reached) {
      const step = steps[index];
      if (step.kind === 'set' && step.takes[code] === true) follow(steps, index + 1, next, at + 1, name.length);
    }
    reached = next;
  }
  return reached.has(steps.length - 1);
}

/** Adds a step, and those that it leads to without taking a character. */
function follow(steps: readonly Step[], first: number, reached: Set<number>, at: number, length: number): void {
  const waiting = [first];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const step = steps[index];
    if (step.kind === 'go') waiting.push(...step.to);
    else if ((step.kind === 'start' && at === 0) || (step.kind === 'end' && at === length)) waiting.push(index + 1);
  }
}
