import { ByteSink } from '../byte-sink.ts';
import { DigitsLost, ExactNumber, integerOf } from '../exact-numbers.ts';
import { inside, isPlainObject, kindOf, Misfit, memberStep } from '../misfit.ts';
import type { WorkBudget } from '../work-budget.ts';
import { bytesOf, bytesToWrite, isDecimal, logicalBytes } from './bytes.ts';
import { bytesOfDecimal, numberOfTime } from './logical.ts';
import {
  type AvroEnum,
  type AvroFixed,
  type AvroRecord,
  type AvroType,
  type AvroUnion,
  isTime,
  type Primitive,
  type Write,
} from './types.ts';
import { writeUnion } from './write-union.ts';

/** Most defaults fit into this many bytes. */
const SHORT = 64;

interface FieldWriter {
  name: string;
  /** The field's step in an error's path. */
  step: string;
  write: Write;
  /** Every object inherits a member of this name. */
  isInherited: boolean;
  /** Null without a default. */
  encodeDefault: ((budget: WorkBudget) => Buffer) | null;
  /** The encoded default, once it was needed. */
  bytes: Buffer | null;
}

/** Compiles the writers of a schema's types, each once. */
export class AvroWriters {
  readonly #writers = new Map<AvroType, Write>();
  readonly #ofDefaults: boolean;
  #defaults: AvroWriters | undefined;

  /** @param ofDefaults true for the default values in a schema, where decimals are bytes */
  constructor(ofDefaults = false) {
    this.#ofDefaults = ofDefaults;
  }

  get #forDefaults(): AvroWriters {
    if (this.#ofDefaults) return this;
    this.#defaults ??= new AvroWriters(true);
    return this.#defaults;
  }

  /** @throws {Error} when a default value does not fit its type */
  of(type: AvroType): Write {
    const known = this.#writers.get(type);
    if (known !== undefined) return known;
    // A type may contain itself.
    let writer: Write | undefined;
    this.#writers.set(type, (value, out) => writer?.(value, out));
    writer = this.#compile(type);
    this.#writers.set(type, writer);
    return writer;
  }

  #compile(type: AvroType): Write {
    switch (type.kind) {
      case 'record':
        return this.#record(type);
      case 'array':
        return writeArray(this.of(type.items));
      case 'map':
        return writeMap(this.of(type.values));
      case 'union':
        return this.#union(type);
      case 'enum':
        return writeEnum(type);
      case 'fixed':
        return writeFixed(type, this.#ofDefaults);
      default:
        return writePrimitive(type, this.#ofDefaults);
    }
  }

  #union({ branches }: AvroUnion): Write {
    return writeUnion(branches.map((type) => ({ type, write: this.of(type) })));
  }

  #record({ name: record, fields }: AvroRecord): Write {
    const writers = fields.map(
      ({ name, type, default: value }): FieldWriter => ({
        ...{ name, step: memberStep(name), write: this.of(type), isInherited: name in Object.prototype, bytes: null },
        encodeDefault: value === undefined ? null : (budget) => encodeDefault(type, value, this.#forDefaults, budget),
      }),
    );
    return (value, out) => {
      if (!isPlainObject(value)) throw new Misfit(`must be an object, a ${record}, and is ${kindOf(value)}`);
      out.budget.spend(1 + writers.length);
      let given = 0;
      let i = 0;
      try {
        for (; i < writers.length; i++) {
          const field = writers[i];
          const member = field.isInherited && !Object.hasOwn(value, field.name) ? undefined : value[field.name];
          if (member !== undefined) {
            given++;
            field.write(member, out);
          } else writeDefault(field, out);
        }
      } catch (error) {
        throw inside(error, writers[i].step);
      }
      for (const _name in value) given--;
      if (given < 0) refuseUnknown(value, record, fields);
    };
  }
}

function writeDefault(field: FieldWriter, out: ByteSink): void {
  if (field.encodeDefault === null) throw new Misfit('is missing, and its schema has no default');
  field.bytes ??= field.encodeDefault(out.budget);
  out.raw(field.bytes);
}

/**
 * The bytes of a field's default. For a union, it is a plain value of any branch (in older schemas: of the first).
 *
 * @throws {Misfit} when it does not fit
 */
function encodeDefault(type: AvroType, value: unknown, writers: AvroWriters, budget: WorkBudget): Buffer {
  const branches = type.kind === 'union' ? type.branches : [type];
  const out = new ByteSink(budget, SHORT);
  for (const [i, branch] of branches.entries()) {
    budget.spend(1);
    out.begin();
    try {
      if (type.kind === 'union') out.varint(i);
      writers.of(branch)(value, out);
      const { bytes, start, end } = out.finish();
      // A copy without the sink's spare room: there may be thousands of defaults.
      return Buffer.from(bytes.subarray(start, end));
    } catch (error) {
      if (!(error instanceof Misfit) || error.isFinal) throw error;
    }
  }
  throw new Misfit('is missing, and the default in its schema does not fit its type');
}

function refuseUnknown(value: object, record: string, fields: AvroRecord['fields']): never {
  const names = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(value).find((name) => !names.has(name)) ?? '';
  const misfit = new Misfit(`is unknown: ${record} has no such field`);
  misfit.path = memberStep(unknown);
  throw misfit;
}

function writeArray(write: Write): Write {
  return (value, out) => {
    if (!Array.isArray(value)) throw new Misfit(`must be an array, and is ${kindOf(value)}`);
    if (value.length > 0) {
      out.budget.spend(value.length);
      out.varint(value.length);
      for (let i = 0; i < value.length; i++) {
        try {
          write(value[i], out);
        } catch (error) {
          throw inside(error, `[${i}]`);
        }
      }
    }
    out.byte(0);
  };
}

function writeMap(write: Write): Write {
  return (value, out) => {
    if (!isPlainObject(value)) throw new Misfit(`must be an object, a map, and is ${kindOf(value)}`);
    const names = Object.keys(value);
    out.budget.spend(names.length);
    if (names.length > 0) out.varint(names.length);
    for (const name of names) {
      try {
        writeText(name, out);
        write(value[name], out);
      } catch (error) {
        throw inside(error, memberStep(name));
      }
    }
    out.byte(0);
  };
}

function writeEnum({ name, symbols }: AvroEnum): Write {
  const indexes = new Map(symbols.map((symbol, i) => [symbol, i]));
  const first = symbols.slice(0, 20).join(', ');
  return (value, out) => {
    const index = typeof value === 'string' ? indexes.get(value) : undefined;
    if (index === undefined) throw new Misfit(`must be one of the symbols of the enum ${name}: ${first}`);
    out.varint(index);
  };
}

function writeFixed({ name, size, logical }: AvroFixed, ofDefaults: boolean): Write {
  return (value, out) => {
    if (logical?.name === 'decimal' && isDecimal(value, ofDefaults)) {
      out.raw(bytesOfDecimal(value, logical, size));
      return;
    }
    const bytes = (typeof value === 'string' ? logicalBytes(value, logical) : null) ?? bytesOf(value);
    if (bytes.length !== size) throw new Misfit(`must have ${size} bytes, as the fixed ${name} has, and has ${bytes.length}`);
    out.raw(bytes);
  };
}

function writeText(value: unknown, out: ByteSink): void {
  if (typeof value !== 'string') throw new Misfit(`must be a string, and is ${kindOf(value)}`);
  if (out.asciiText(value)) return;
  if (!value.isWellFormed()) throw new Misfit('holds half of a surrogate pair, which UTF-8 cannot express');
  out.text(value);
}

function writePrimitive({ kind, logical }: Primitive, ofDefaults: boolean): Write {
  switch (kind) {
    case 'null':
      return (value) => {
        if (value !== null) throw new Misfit(`must be null, and is ${kindOf(value)}`);
      };
    case 'boolean':
      return (value, out) => {
        if (typeof value !== 'boolean') throw new Misfit(`must be true or false, and is ${kindOf(value)}`);
        out.byte(value ? 1 : 0);
      };
    case 'int':
      return (value, out) => {
        const number = integerIn(value, logical);
        if (typeof number !== 'number' || (number | 0) !== number)
          throw new Misfit(`must be an int, an integer of 32 bits, ${orTime(logical)}`);
        out.varint(number);
      };
    case 'long':
      return (value, out) => writeLong(integerIn(value, logical), out, orTime(logical));
    case 'float':
      return (value, out) => out.float(floatOf(value, Math.fround, 'a float, a number of 32 bits'));
    case 'double':
      return (value, out) => out.double(floatOf(value, Number, 'a double, a number of 64 bits'));
    case 'bytes':
      return (value, out) => {
        const bytes = bytesToWrite(value, logical, ofDefaults);
        out.varint(bytes.length);
        out.raw(bytes);
      };
    case 'string':
      return writeText;
  }
}

/** The integer for an `int` or `long`: from a time as text, or from a number with any number of digits. */
function integerIn(value: unknown, logical: Primitive['logical']): unknown {
  if (typeof value === 'string' && logical !== null && isTime(logical)) return numberOfTime(value, logical);
  if (!(value instanceof ExactNumber)) return value;
  const integer = integerOf(value.text);
  return integer !== null && BigInt.asIntN(32, integer) === integer ? Number(integer) : integer;
}

const orTime = (logical: Primitive['logical']): string =>
  logical === null ? 'and is not' : `or a ${logical.name} as ISO 8601, and is not`;

function writeLong(value: unknown, out: ByteSink, orElse: string): void {
  if (Number.isSafeInteger(value)) {
    out.varint(Number(value));
    return;
  }
  if (typeof value === 'number' && Number.isInteger(value)) throw new DigitsLost();
  const big = typeof value === 'bigint' ? value : null;
  if (big === null || BigInt.asIntN(64, big) !== big) throw new Misfit(`must be a long, an integer of 64 bits, ${orElse}`);
  out.bigVarint(big);
}

/** @param round rounds to the bits of the type; a number that overflows is refused, because the client did not write infinity */
function floatOf(value: unknown, round: (value: number) => number, kind: string): number {
  if (typeof value === 'number' || value instanceof ExactNumber) {
    const number = round(Number(value instanceof ExactNumber ? value.text : value));
    if (Number.isFinite(number)) return number;
    throw new Misfit(`is too large for ${kind}`);
  }
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new Misfit(`must be a number, and is ${kindOf(value)}`);
}
