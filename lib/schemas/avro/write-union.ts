import { ByteSink } from '../byte-sink.ts';
import { ExactNumber } from '../exact-numbers.ts';
import { inside, isObject, kindOf, Misfit, memberStep } from '../misfit.ts';
import { type AvroType, branchName } from './types.ts';
import type { Write } from './write.ts';

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
    const tag = tagOf(value);
    const tagged = tag === null ? -1 : names.indexOf(tag);
    const plain = branches.flatMap(({ type }, i) => (mayBe(type, value) ? [i] : []));
    if (tagged >= 0 && tag !== null && isObject(value)) {
      if (plain.length === 0 || fits(branches[tagged], value[tag])) {
        try {
          write(tagged, value[tag], out);
        } catch (error) {
          throw inside(error, memberStep(tag));
        }
        return;
      }
    }
    if (plain.length === 0) throw new Misfit(`${expected}, and is ${kindOf(value)}`);
    // Of one branch alone, its own error says best what is wrong.
    const fitting = plain.length === 1 ? plain : plain.filter((i) => fits(branches[i], value));
    if (fitting.length === 0) throw new Misfit(`${expected}, and fits none of them`);
    if (fitting.length > 1) {
      const [first, second] = fitting.map((i) => names[i]);
      throw new Misfit(`fits both ${first} and ${second}: say which, as {"${first}": …}`);
    }
    write(fitting[0], value, out);
  };
}

/** The name of the only member. */
function tagOf(value: unknown): string | null {
  if (!isObject(value)) return null;
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
      return Array.isArray(value) ? type.kind === 'array' : type.kind === 'record' || type.kind === 'map';
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

/** Tries it out. */
function fits({ write }: Branch, value: unknown): boolean {
  try {
    write(value, new ByteSink());
    return true;
  } catch (error) {
    if (error instanceof Misfit) return false;
    throw error;
  }
}
