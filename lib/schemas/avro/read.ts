import { type Fragment, fragment, type JsonWriter } from '../../json/json-writer.ts';
import type { LogicalView } from '../codec.ts';
import { Misfit } from '../misfit.ts';
import type { AvroInput } from './input.ts';
import { textOfDecimal, textOfDuration, textOfTime, textOfUuid } from './readable.ts';
import { type AvroFixed, type AvroRecord, type AvroType, type AvroUnion, branchName, isTime, type Primitive } from './types.ts';

/**
 * Converts a value from Avro's binary to its JSON encoding: a union's value is in an object under its branch's name, and bytes are a string
 * of the characters U+0000 to U+00FF. The view determines how logical types are shown.
 *
 * @throws {Misfit} when the bytes are not of this type; text may already have been written
 */
export type Read = (input: AvroInput, out: JsonWriter) => void;

const nullText = fragment('null');
const trueText = fragment('true');
const falseText = fragment('false');
const openBrace = fragment('{');
const closeBrace = fragment('}');
const openBracket = fragment('[');
const closeBracket = fragment(']');
const comma = fragment(',');
const colon = fragment(':');

/** Compiles the readers of a schema's types, each once. */
export class AvroReaders {
  readonly #readers = new Map<AvroType, Read>();
  readonly #view: LogicalView;

  constructor(view: LogicalView) {
    this.#view = view;
  }

  of(type: AvroType): Read {
    const known = this.#readers.get(type);
    if (known !== undefined) return known;
    // A type may contain itself.
    let reader: Read | undefined;
    this.#readers.set(type, (input, out) => {
      input.enter();
      reader?.(input, out);
      input.leave();
    });
    reader = this.#compile(type);
    return reader;
  }

  #compile(type: AvroType): Read {
    switch (type.kind) {
      case 'record':
        return this.#record(type);
      case 'array':
        return readArray(this.of(type.items));
      case 'map':
        return readMap(this.of(type.values));
      case 'union':
        return this.#union(type);
      case 'enum': {
        // Made on demand: an enum may have far more symbols than are used.
        const fragments: Fragment[] = [];
        return (input, out) => {
          input.checkText();
          const index = input.integer();
          const symbol = type.symbols[index] ?? failed(`holds no symbol of the enum ${type.name}`);
          fragments[index] ??= fragment(JSON.stringify(symbol));
          out.put(fragments[index]);
        };
      }
      case 'fixed':
        return readFixed(type, this.#view);
      default:
        return readPrimitive(type, this.#view);
    }
  }

  #record({ fields }: AvroRecord): Read {
    const readers = fields.map(({ name, type }, i) => ({
      name: fragment(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`),
      read: this.of(type),
    }));
    return (input, out) => {
      input.checkText();
      for (const { name, read } of readers) {
        out.put(name);
        read(input, out);
      }
      if (readers.length === 0) out.put(openBrace);
      out.put(closeBrace);
    };
  }

  #union({ branches }: AvroUnion): Read {
    const readers = branches.map((type) => ({
      name: type.kind === 'null' ? null : fragment(`{${JSON.stringify(branchName(type))}:`),
      read: this.of(type),
    }));
    return (input, out) => {
      const { name, read } = readers[input.integer()] ?? failed('holds no branch of its union');
      if (name === null) {
        out.put(nullText);
        return;
      }
      input.checkText();
      out.put(name);
      read(input, out);
      out.put(closeBrace);
    };
  }
}

function failed(what: string): never {
  throw new Misfit(what);
}

/** Calls `item` for each item of an array or a map. Items come in blocks; after a negative count, the block's length follows. */
function forEachItem(input: AvroInput, item: (isFirst: boolean) => void): void {
  let isFirst = true;
  for (let count = input.integer(); count !== 0; count = input.integer()) {
    if (count < 0) input.long();
    for (let i = Math.abs(count); i > 0; i--) {
      item(isFirst);
      input.checkText();
      isFirst = false;
    }
  }
}

const readArray =
  (read: Read): Read =>
  (input, out) => {
    out.put(openBracket);
    forEachItem(input, (isFirst) => {
      if (!isFirst) out.put(comma);
      read(input, out);
    });
    out.put(closeBracket);
  };

const readMap =
  (read: Read): Read =>
  (input, out) => {
    out.put(openBrace);
    forEachItem(input, (isFirst) => {
      if (!isFirst) out.put(comma);
      writeText(input, out);
      out.put(colon);
      read(input, out);
    });
    out.put(closeBrace);
  };

function writeText(input: AvroInput, out: JsonWriter): void {
  const length = input.integer();
  const start = input.skip(length);
  out.escaped(input.bytes, start, start + length);
}

function writeBytes(input: AvroInput, length: number, out: JsonWriter): void {
  const start = input.skip(length);
  out.string(input.bytes.toString('latin1', start, start + length));
}

function readFixed({ size, logical }: AvroFixed, view: LogicalView): Read {
  const textOf = textOfBytes(logical, view);
  if (textOf === null) return (input, out) => writeBytes(input, size, out);
  return (input, out) => out.string(textOf(bytesIn(input, size)));
}

/** How to show bytes of a logical type; null for plain bytes. */
function textOfBytes(logical: AvroFixed['logical'], view: LogicalView): ((bytes: Buffer) => string) | null {
  if (logical?.name === 'decimal' && view !== 'avro') return (bytes) => textOfDecimal(bytes, logical.scale);
  if (view !== 'readable') return null;
  if (logical?.name === 'uuid') return textOfUuid;
  return logical?.name === 'duration' ? textOfDuration : null;
}

/** Reads a value of the type `bytes` that is the whole content of a record: it has no length before it, as Java's serializer writes it. */
export function readBareBytes({ logical }: Primitive, view: LogicalView): Read {
  const textOf = textOfBytes(logical, view);
  if (textOf === null) return (input, out) => writeBytes(input, input.left, out);
  return (input, out) => out.string(textOf(bytesIn(input, input.left)));
}

function bytesIn(input: AvroInput, length: number): Buffer {
  const start = input.skip(length);
  return input.bytes.subarray(start, start + length);
}

function writeInteger(value: number | bigint, out: JsonWriter): void {
  if (typeof value === 'number') out.integer(value);
  else out.copy(Buffer.from(String(value)));
}

function readInteger({ kind, logical }: Primitive, view: LogicalView): Read {
  const read = (input: AvroInput): number | bigint => {
    const value = input.long();
    if (kind === 'int' && Number(value) !== (Number(value) | 0)) throw new Misfit('holds an int of more than 32 bits');
    return value;
  };
  if (view !== 'readable' || logical === null || !isTime(logical)) return (input, out) => writeInteger(read(input), out);
  const { name } = logical;
  return (input, out) => {
    const value = read(input);
    const text = textOfTime(value, name);
    if (text === null) writeInteger(value, out);
    else out.string(text);
  };
}

function readPrimitive(type: Primitive, view: LogicalView): Read {
  const { kind, logical } = type;
  switch (kind) {
    case 'null':
      return (_input, out) => out.put(nullText);
    case 'boolean':
      return (input, out) => {
        const byte = input.byte();
        if (byte > 1) throw new Misfit('holds a boolean that is neither');
        out.put(byte === 1 ? trueText : falseText);
      };
    case 'int':
    case 'long':
      return readInteger(type, view);
    case 'float':
      return (input, out) => writeNumber(shortest(input.float()), out);
    case 'double':
      return (input, out) => writeNumber(input.double(), out);
    case 'bytes': {
      const textOf = textOfBytes(logical, view);
      if (textOf === null) return (input, out) => writeBytes(input, input.integer(), out);
      return (input, out) => out.string(textOf(bytesIn(input, input.integer())));
    }
    case 'string':
      return writeText;
  }
}

function writeNumber(value: number, out: JsonWriter): void {
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  // JSON has no NaN and no infinities: Avro for Java writes them as strings.
  out.copy(Buffer.from(Number.isFinite(value) ? text : `"${text}"`));
}

/** The shortest decimal that is the same 32-bit float. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
