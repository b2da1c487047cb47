import { JsonScanner } from '../../json/json-scanner.ts';
import { LONE_SURROGATE, unescapeString } from '../../json/json-string.ts';
import { type Slice, whole } from '../../kafka/record.ts';
import { keyNotUtf8 } from '../../messages/produce.ts';
import { ArrayText } from './array-text.ts';
import { meets } from './condition.ts';
import { passName } from './name.ts';
import type { KeyPath, MemberName, QueryStep, Stage } from './path.ts';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;

/**
 * Finds a record's key in its value, a JSON text that has been checked and compacted. A string is its content, anything else its JSON
 * text. Of members with the same name, the first counts. Each byte of the value is read once, plus once for each query of the path.
 *
 * @returns null when the path finds nothing or JSON null; otherwise a slice, of the value's own bytes where possible
 * @throws {GatewayError} InvalidRecord for a string that UTF-8 cannot express
 */
export function findKey(value: Slice, path: KeyPath): Slice | null {
  const found = findValue(value, path);
  if (found === null) return null;
  const { bytes, start, end } = found;
  if (bytes[start] === LOWER_N) return null;
  if (bytes[start] !== QUOTE) return found;
  return unescaped({ bytes, start: start + 1, end: end - 1 });
}

function findValue(value: Slice, [first, ...others]: KeyPath): Slice | null {
  return findInResult(follow(new JsonScanner(value.bytes, value.start, value.end), first, 0, false), others);
}

/** Follows the stages of a path after the first. */
function findInResult(result: Slice | null, stages: KeyPath): Slice | null {
  let found = result;
  for (const stage of stages) {
    if (found === null) return null;
    found = follow(new JsonScanner(found.bytes, found.start, found.end), stage, 0, false);
  }
  return found;
}

/**
 * Follows the steps of a stage from `at` on, in the scanner's next value. Moves the scanner past that value, unless something is found and
 * `toEnd` is false: then nobody reads on.
 */
function follow(json: JsonScanner, stage: Stage, at: number, toEnd: boolean): Slice | null {
  if (at === stage.length) return passed(json);
  const byte = json.peek();
  const step = stage[at];
  if (byte === OPEN_BRACE && step.kind !== 'query') return findMember(json, step.name, stage, at, toEnd);
  if (byte === OPEN_BRACKET && step.kind === 'name') return findElement(json, step.index, stage, at, toEnd);
  if (byte === OPEN_BRACKET && step.kind === 'each') return at + 1 === stage.length ? countElements(json) : collect(json, stage, at);
  if (byte === OPEN_BRACKET && step.kind === 'query') {
    return step.all ? queryAll(json, step, stage, at) : queryFirst(json, step, stage, at, toEnd);
  }
  json.value();
  return null;
}

/** Returns the scanner's next value, and moves past it. */
function passed(json: JsonScanner): Slice {
  json.peek();
  const start = json.at;
  json.value();
  return { bytes: json.bytes, start, end: json.at };
}

function findMember(json: JsonScanner, name: MemberName, stage: Stage, at: number, toEnd: boolean): Slice | null {
  if (!json.enter(CLOSE_BRACE)) return null;
  let found: Slice | null = null;
  do {
    if (passName(json, name) && found === null) {
      found = follow(json, stage, at + 1, toEnd);
      if (found !== null && !toEnd) return found;
    } else json.value();
  } while (json.more(CLOSE_BRACE));
  return found;
}

function findElement(json: JsonScanner, index: number, stage: Stage, at: number, toEnd: boolean): Slice | null {
  if (!json.enter(CLOSE_BRACKET)) return null;
  let found: Slice | null = null;
  let i = 0;
  do {
    if (i++ !== index) json.value();
    else {
      found = follow(json, stage, at + 1, toEnd);
      if (found !== null && !toEnd) return found;
    }
  } while (json.more(CLOSE_BRACKET));
  return found;
}

function countElements(json: JsonScanner): Slice {
  let count = 0;
  if (json.enter(CLOSE_BRACKET)) {
    do {
      json.value();
      count++;
    } while (json.more(CLOSE_BRACKET));
  }
  return whole(Buffer.from(String(count)));
}

/** Collects what the following steps find in each element, as an array. */
function collect(json: JsonScanner, stage: Stage, at: number): Slice {
  const found = new ArrayText();
  if (json.enter(CLOSE_BRACKET)) {
    do {
      const value = follow(json, stage, at + 1, true);
      if (value !== null) found.add(value);
    } while (json.more(CLOSE_BRACKET));
  }
  return found.done();
}

/** Collects what the following steps find in all elements that meet the condition, as an array. */
function queryAll(json: JsonScanner, step: QueryStep, stage: Stage, at: number): Slice {
  const found = new ArrayText();
  if (json.enter(CLOSE_BRACKET)) {
    do {
      const element = elementThatMeets(json, step);
      const value = element && follow(element, stage, at + 1, false);
      if (value !== null) found.add(value);
    } while (json.more(CLOSE_BRACKET));
  }
  return found.done();
}

/** Returns what the following steps find in the first element that meets the condition. */
function queryFirst(json: JsonScanner, step: QueryStep, stage: Stage, at: number, toEnd: boolean): Slice | null {
  if (!json.enter(CLOSE_BRACKET)) return null;
  let first: JsonScanner | null = null;
  let found: Slice | null = null;
  do {
    if (first !== null) json.value();
    else {
      first = elementThatMeets(json, step);
      found = first && follow(first, stage, at + 1, false);
      if (found !== null && !toEnd) return found;
    }
  } while (json.more(CLOSE_BRACKET));
  return found;
}

/** Moves past the next element; returns a new scanner at its start if it meets the condition. */
function elementThatMeets(json: JsonScanner, step: QueryStep): JsonScanner | null {
  json.peek();
  const start = json.at;
  return isMet(json, step) ? new JsonScanner(json.bytes, start, json.at) : null;
}

/** Tells whether the next element meets the condition, and moves past it. */
function isMet(json: JsonScanner, { path, condition }: QueryStep): boolean {
  if (path === null) return meets(passed(json), condition);
  const byte = json.peek();
  const [first, ...others] = path;
  const isContainer = byte === OPEN_BRACE || byte === OPEN_BRACKET;
  const operand = findInResult(follow(json, first, 0, true), others);
  return isContainer && meets(operand, condition);
}

/** The content of a string: a copy where it has escapes, because the value around it must not change. */
function unescaped(content: Slice): Slice {
  const bytes = content.bytes.subarray(content.start, content.end);
  if (!bytes.includes(BACKSLASH)) return content;
  const copy = Buffer.from(bytes);
  const copyEnd = unescapeString(copy, 0, copy.length);
  if (copyEnd === LONE_SURROGATE) {
    throw keyNotUtf8();
  }
  return { bytes: copy, start: 0, end: copyEnd };
}
