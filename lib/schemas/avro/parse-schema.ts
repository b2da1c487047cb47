import { isPlainObject } from '../misfit.ts';
import { type AvroField, type AvroType, branchName, type Logical, type PrimitiveName, primitives } from './types.ts';

/** The named types so far, by full name. A schema that refers to others is parsed with theirs. */
export type NamedTypes = Map<string, AvroType>;

/** Letters of any alphabet, as in Java's parser. */
const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
/** Java's parser does not check namespaces, and Debezium makes them from names with hyphens. */
const NAMESPACE = /^[^\s.\p{Cc}]+(?:\.[^\s.\p{Cc}]+)*$/u;

/** How deep schemas may be nested. */
const MAX_DEPTH = 100;

/**
 * Parses an Avro schema (specification 1.12, "Schema Declaration").
 *
 * @param names the types of the schemas that this one refers to; the types that it defines are added
 * @throws {Error} saying what is wrong with it
 */
export function parseAvroSchema(text: string, names: NamedTypes = new Map()): AvroType {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // A bare name, as some clients send.
    json = text.trim();
  }
  return parseType(json, '', names, 0);
}

function parseType(json: unknown, namespace: string, names: NamedTypes, depth: number): AvroType {
  if (depth > MAX_DEPTH) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof json === 'string') return typeNamed(json, namespace, names);
  if (Array.isArray(json)) return parseUnion(json, namespace, names, depth);
  if (!isPlainObject(json)) throw new Error('a type must be a name, an object or an array');
  switch (json.type) {
    case 'record':
    case 'error':
      return parseRecord(json, namespace, names, depth);
    case 'enum':
      return parseEnum(json, namespace, names);
    case 'fixed':
      return parseFixed(json, namespace, names);
    case 'array':
      return { kind: 'array', items: parseType(json.items, namespace, names, depth + 1) };
    case 'map':
      return { kind: 'map', values: parseType(json.values, namespace, names, depth + 1) };
    default: {
      if (json.type === undefined) throw new Error('an object that stands for a type must have "type"');
      const type = parseType(json.type, namespace, names, depth + 1);
      return isPrimitive(type.kind) ? { kind: type.kind, logical: logicalOf(json, type.kind, Number.POSITIVE_INFINITY) } : type;
    }
  }
}

const isPrimitive = (name: string): name is PrimitiveName => primitives.some((primitive) => primitive === name);

function typeNamed(name: string, namespace: string, names: NamedTypes): AvroType {
  if (isPrimitive(name)) return { kind: name, logical: null };
  const type = names.get(fullName(name, namespace)) ?? names.get(name);
  if (type === undefined) throw new Error(`the type ${JSON.stringify(name)} is not defined`);
  return type;
}

const fullName = (name: string, namespace: string): string => (name.includes('.') || namespace === '' ? name : `${namespace}.${name}`);

/** @returns the full name of a definition, and the namespace for the names inside it */
function nameOf(json: Readonly<Record<string, unknown>>, enclosing: string): { name: string; namespace: string } {
  if (typeof json.name !== 'string') throw new Error(`a type ${JSON.stringify(json.type)} must have a name`);
  const name = fullName(json.name, typeof json.namespace === 'string' ? json.namespace : enclosing);
  const namespace = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  if (!NAME.test(name.slice(name.lastIndexOf('.') + 1)) || (namespace !== '' && !NAMESPACE.test(namespace)))
    throw new Error(`${JSON.stringify(name)} is no name`);
  return { name, namespace };
}

function define<Type extends AvroType & { name: string }>(type: Type, names: NamedTypes): Type {
  if (names.has(type.name) || isPrimitive(type.name)) throw new Error(`the type ${JSON.stringify(type.name)} is defined twice`);
  names.set(type.name, type);
  return type;
}

function parseRecord(json: Readonly<Record<string, unknown>>, enclosing: string, names: NamedTypes, depth: number): AvroType {
  const { name, namespace } = nameOf(json, enclosing);
  const fields: AvroField[] = [];
  // Before its fields, because they may refer to it.
  const record = define({ kind: 'record', name, fields }, names);
  if (!Array.isArray(json.fields)) throw new Error(`the record ${name} must have an array of fields`);
  const called = new Set<string>();
  for (const field of json.fields) {
    if (!isPlainObject(field) || typeof field.name !== 'string' || !NAME.test(field.name)) {
      throw new Error(`each field of the record ${name} must be an object with a name`);
    }
    if (called.has(field.name)) throw new Error(`the record ${name} has the field ${field.name} twice`);
    called.add(field.name);
    fields.push({ name: field.name, type: parseType(field.type, namespace, names, depth + 1), default: field.default });
  }
  return record;
}

function parseEnum(json: Readonly<Record<string, unknown>>, enclosing: string, names: NamedTypes): AvroType {
  const { name } = nameOf(json, enclosing);
  const symbols: unknown = json.symbols;
  const isSymbol = (symbol: unknown): symbol is string => typeof symbol === 'string' && NAME.test(symbol);
  if (!Array.isArray(symbols) || !symbols.every(isSymbol) || new Set(symbols).size < symbols.length) {
    throw new Error(`the enum ${name} must have an array of symbols, names that differ`);
  }
  return define({ kind: 'enum', name, symbols }, names);
}

function parseFixed(json: Readonly<Record<string, unknown>>, enclosing: string, names: NamedTypes): AvroType {
  const { name } = nameOf(json, enclosing);
  const { size } = json;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) throw new Error(`the fixed ${name} must have a size`);
  return define({ kind: 'fixed', name, size, logical: logicalOf(json, 'fixed', size) }, names);
}

function parseUnion(json: unknown[], namespace: string, names: NamedTypes, depth: number): AvroType {
  const branches = json.map((branch) => parseType(branch, namespace, names, depth + 1));
  if (branches.some(({ kind }) => kind === 'union')) throw new Error('a union must not hold another one');
  const called = new Set<string>();
  for (const name of branches.map(branchName)) {
    if (called.has(name)) throw new Error(`a union has ${name} twice`);
    called.add(name);
  }
  return { kind: 'union', branches };
}

const logicalKinds: Readonly<Record<string, readonly string[]>> = {
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'timestamp-nanos': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
  'local-timestamp-nanos': ['long'],
  uuid: ['fixed'],
  duration: ['fixed'],
};

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

/** By the specification, a logical type that is unknown or does not fit its underlying type is ignored. */
function logicalOf(json: Readonly<Record<string, unknown>>, kind: string, size: number): Logical | null {
  const { logicalType: name, precision, scale = 0 } = json;
  if (name === 'decimal') {
    const isDecimal = isInteger(precision) && precision > 0 && isInteger(scale) && scale >= 0 && scale <= precision;
    const fits = kind === 'bytes' || (kind === 'fixed' && Number(precision) <= Math.floor(Math.log10(2) * (8 * size - 1)));
    return isDecimal && fits ? { name, precision, scale } : null;
  }
  if (typeof name !== 'string' || !Object.hasOwn(logicalKinds, name) || !logicalKinds[name].includes(kind)) return null;
  switch (name) {
    case 'uuid':
      return size === 16 ? { name } : null;
    case 'duration':
      return size === 12 ? { name } : null;
    case 'date':
    case 'time-millis':
    case 'time-micros':
    case 'timestamp-millis':
    case 'timestamp-micros':
    case 'timestamp-nanos':
    case 'local-timestamp-millis':
    case 'local-timestamp-micros':
    case 'local-timestamp-nanos':
      return { name };
    default:
      return null;
  }
}
