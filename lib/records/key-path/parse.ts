import type { GatewayError } from '../../errors.ts';
import { keyPathInvalid } from '../../messages/produce.ts';
import { parseGlob } from './glob.ts';
import type { KeyPath, NameStep, Step } from './path.ts';
import { parseQuery } from './query.ts';

/** The longest path: a search takes longer with a longer path. */
const MAX_LENGTH = 256;

/** First characters that only gjson gives a meaning: modifiers, literals and multipaths. */
const RESERVED_FIRST = '@!{[(';

/**
 * Reads a key path such as `order.items.0.id`, in the syntax of gjson: names of members and indexes of arrays, separated by dots; `*`
 * and `?` in names; `#`, `#(name=="value")` and `#(…)#` for elements of arrays; `|`. A backslash makes the next character literal:
 * `a\.b` is one name. Refuses gjson's syntax that the gateway does not support.
 *
 * @throws {GatewayError} BadRequest; its message shows at most one character of the path
 * @see https://github.com/tidwall/gjson/blob/master/SYNTAX.md
 */
export function parseKeyPath(text: string): KeyPath {
  if (text === '') throw keyPathInvalid('is empty: name a field of the JSON body, such as order.id');
  if (text.length > MAX_LENGTH) throw keyPathInvalid(`is longer than ${MAX_LENGTH} characters: use a shorter one`);
  return parsePath(text);
}

function parsePath(text: string): KeyPath {
  const stages: Step[][] = [];
  let steps: Step[] = [];
  for (let at = 0; ; ) {
    const { step, end } = text[at] === '#' ? parseElements(text, at) : parseName(text, at);
    steps.push(step);
    if (text[end] === '.') at = end + 1;
    else {
      stages.push(steps);
      if (end === text.length) return stages;
      steps = [];
      at = end + 1;
    }
  }
}

/** A step, and the position of what ends it: a dot, a pipe, or the end. */
interface ParsedStep {
  step: Step;
  end: number;
}

function parseElements(text: string, at: number): ParsedStep {
  if (text[at + 1] === '(') {
    const { operand, end, ...query } = parseQuery(text, at + 2);
    const all = text[end] === '#';
    const behind = all ? end + 1 : end;
    if (!endsStep(text, behind)) throw keyPathInvalid('has a query that something follows: use only #, a dot or a pipe after it');
    return { step: { kind: 'query', all, path: operand === '' ? null : parsePath(operand), condition: query.condition }, end: behind };
  }
  if (!endsStep(text, at + 1)) throw meaningless('#');
  return { step: { kind: 'each', name: EACH }, end: at + 1 };
}

const EACH = Buffer.from('#');

const endsStep = (text: string, at: number): boolean => at === text.length || text[at] === '.' || text[at] === '|';

function parseName(text: string, start: number): ParsedStep {
  if (start < text.length && RESERVED_FIRST.includes(text[start])) throw meaningless(text[start]);
  let at = start;
  while (!endsStep(text, at)) {
    if (text[at] === '\\' && ++at === text.length) throw keyPathInvalid('ends with a backslash: write \\\\ for a real one');
    at++;
  }
  return { step: nameStep(text.slice(start, at)), end: at };
}

function nameStep(text: string): NameStep {
  const glob = parseGlob(text);
  const isPattern = glob.tokens.some((token) => token < 0);
  return {
    kind: 'name',
    name: isPattern ? glob : Buffer.from(String.fromCodePoint(...glob.tokens)),
    index: /^\d+$/.test(text) ? Number(text) : -1,
  };
}

const meaningless = (character: string): GatewayError =>
  keyPathInvalid(`has a ${character}, which has no meaning here: write \\${character} for a real one`);
