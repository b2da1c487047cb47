import type { ByteSink } from '../byte-sink.ts';
import { ExactNumber } from '../exact-numbers.ts';
import { inside, isPlainObject, kindOf, Misfit, memberStep } from '../misfit.ts';
import type { Write } from './types.ts';
import { type AvroType, branchName } from './types.ts';

/** Unions in unions, each tried branch by branch, would take for ever; names take one attempt each. */
const MOST_ATTEMPTS = 20_000;

interface Branch {
  type: AvroType;
  write: Write;
}

/**
 * Writes a union's value: null, or `{"<branch>": …}` as in Avro's JSON, or the plain value of the one branch that it fits. What could be
 * both is Avro's JSON, as long as it fits.
 */
export function writeUnion(branches: readonly Branch[]): Write {
  const names = branches.map(({ type }) => branchName(type));
  const nullIndex = names.indexOf('null');
  const expected = `must be one of a union's branches (${names.join(', ')})`;
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
    const begun = out.begun;
    const tag = tagOf(value);
    const tagged = tag === null ? -1 : names.indexOf(tag);
    let misfit: Misfit | null = null;
    if (tag !== null && tagged >= 0 && isPlainObject(value)) {
      misfit = attempt(() => write(tagged, value[tag], out), out);
      if (misfit === null) return;
      inside(misfit, memberStep(tag));
      out.begun = begun;
    }
    const plain = branches.flatMap(({ type }, i) => (mayBe(type, value) ? [i] : []));
    if (plain.length === 0) throw misfit ?? new Misfit(`${expected}, and is ${kindOf(value)}`);
    if (plain.length === 1 && misfit === null) {
      // Its own error says best what is wrong.
      write(plain[0], value, out);
      return;
    }
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

/** Tries something out, and returns why it does not fit. What it has written stays. */
function attempt(write: () => void, out: ByteSink): Misfit | null {
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

/** The name of the only member. */
function tagOf(value: unknown): string | null {
  if (!isPlainObject(value)) return null;
  let tag: string | null = null;
  for (const name in value) {
    if (tag !== null) return null;
    tag = name;
  }
  return tag;
}

/** Whether a JSON value of this kind can be of the type, seen from afar. */
function mayBe(type: AvroType, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return isOfText(type, value);
    case 'number':
      return isOfNumbers(type);
    case 'boolean':
      return type.kind === 'boolean';
    default:
      if (value instanceof ExactNumber) return isOfNumbers(type);
      if (Array.isArray(value)) return type.kind === 'array';
      return type.kind === 'map' || (type.kind === 'record' && isPlainObject(value));
  }
}

const isOfText = (type: AvroType, text: string): boolean =>
  type.kind === 'string' ||
  type.kind === 'bytes' ||
  type.kind === 'fixed' ||
  type.kind === 'enum' ||
  ((type.kind === 'int' || type.kind === 'long') && type.logical !== null) ||
  ((type.kind === 'float' || type.kind === 'double') && /^(?:NaN|-?Infinity)$/.test(text));

const isOfNumbers = (type: AvroType): boolean =>
  type.kind === 'int' ||
  type.kind === 'long' ||
  type.kind === 'float' ||
  type.kind === 'double' ||
  ((type.kind === 'bytes' || type.kind === 'fixed') && type.logical?.name === 'decimal');
