import type { ByteSink } from '../byte-sink.ts';
import { ExactNumber } from '../exact-numbers.ts';
import { inside, isPlainObject, kindOf, Misfit, memberStep } from '../misfit.ts';
import type { Write } from './types.ts';
import { type AvroType, branchName } from './types.ts';

/** Nested unions, tried branch by branch, would take forever; a named branch takes one attempt. */
const MOST_ATTEMPTS = 20_000;

/** The cost of a failed attempt, in steps. */
const STEPS_OF_ATTEMPT = 150;

/** How many branches a message names. */
const MOST_NAMED = 20;

interface Branch {
  type: AvroType;
  write: Write;
}

/**
 * Writes a union's value: null, or `{"<branch>": …}` as in Avro's JSON, or the plain value if it fits exactly one branch. If a value could
 * be both, Avro's JSON takes precedence if it fits.
 */
export function writeUnion(branches: readonly Branch[]): Write {
  const names = branches.map(({ type }) => branchName(type));
  const indexes = new Map(names.map((name, i) => [name, i]));
  const nullIndex = names.indexOf('null');
  const expected = `must be one of a union's branches (${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', …' : ''})`;
  const candidates = candidatesIn(branches);
  const write = (index: number, value: unknown, out: ByteSink): void => {
    out.varint(index);
    branches[index].write(value, out);
  };

  return (value, out) => {
    if (value === null) {
      if (nullIndex === -1) throw new Misfit(`${expected}, and is null`);
      out.varint(nullIndex);
      return;
    }
    const plain = candidates[shapeOf(value)];
    const tag = tagOf(value);
    const tagged = tag === null ? undefined : indexes.get(tag);
    if (plain.length === 1 && tagged === undefined) {
      // The error of the only candidate explains best what is wrong.
      write(plain[0], value, out);
      return;
    }
    const begun = out.begun;
    let misfit: Misfit | null = null;
    if (tag !== null && tagged !== undefined && isPlainObject(value)) {
      misfit = attempt(() => write(tagged, value[tag], out), out);
      if (misfit === null) return;
      inside(misfit, memberStep(tag));
      out.begun = begun;
    }
    if (plain.length === 0) throw misfit ?? new Misfit(`${expected}, and is ${kindOf(value)}`);
    let fitting = -1;
    for (const index of plain) {
      const end = out.begun;
      if (attempt(() => write(index, value, out), out) !== null) out.begun = end;
      else if (fitting === -1) fitting = index;
      else throw new Misfit(`fits both ${names[fitting]} and ${names[index]}: say which, as {"${names[fitting]}": …}`);
    }
    if (fitting === -1) throw misfit ?? new Misfit(`${expected}, and fits none of them`);
  };
}

/** Tries a branch, and returns why it does not fit. What it has written stays. */
function attempt(write: () => void, out: ByteSink): Misfit | null {
  out.budget.spend(STEPS_OF_ATTEMPT);
  if (++out.attempts > MOST_ATTEMPTS) {
    const misfit = new Misfit("could be too many things: name the branches of its unions, as in Avro's JSON");
    misfit.isFinal = true;
    throw misfit;
  }
  try {
    write();
    return null;
  } catch (error) {
    if (error instanceof Misfit && !error.isFinal) return error;
    throw error;
  }
}

/** The name of an object's only member, else null. */
function tagOf(value: unknown): string | null {
  if (!isPlainObject(value)) return null;
  let tag: string | null = null;
  for (const name in value) {
    if (tag !== null) return null;
    tag = name;
  }
  return tag;
}

/** The kind of a JSON value, as far as it narrows down the branches. */
type Shape = 'text' | 'number that is none' | 'number' | 'boolean' | 'array' | 'object';

function shapeOf(value: unknown): Shape {
  switch (typeof value) {
    case 'string':
      return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? 'number that is none' : 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value instanceof ExactNumber) return 'number';
      return Array.isArray(value) ? 'array' : 'object';
  }
}

/** The branches that are candidates for each kind of value. */
function candidatesIn(branches: readonly Branch[]): Readonly<Record<Shape, readonly number[]>> {
  const those = (may: (type: AvroType) => boolean): number[] => branches.flatMap(({ type }, i) => (may(type) ? [i] : []));
  return {
    text: those(isOfText),
    'number that is none': those((type) => isOfText(type) || type.kind === 'float' || type.kind === 'double'),
    number: those(isOfNumbers),
    boolean: those(({ kind }) => kind === 'boolean'),
    array: those(({ kind }) => kind === 'array'),
    object: those(({ kind }) => kind === 'map' || kind === 'record'),
  };
}

const isOfText = (type: AvroType): boolean =>
  type.kind === 'string' ||
  type.kind === 'bytes' ||
  type.kind === 'fixed' ||
  type.kind === 'enum' ||
  ((type.kind === 'int' || type.kind === 'long') && type.logical !== null);

const isOfNumbers = (type: AvroType): boolean =>
  type.kind === 'int' ||
  type.kind === 'long' ||
  type.kind === 'float' ||
  type.kind === 'double' ||
  ((type.kind === 'bytes' || type.kind === 'fixed') && type.logical?.name === 'decimal');
