import { GatewayError } from '../../errors.ts';
import { compareNumbers, numberOf } from '../../json/compare-numbers.ts';
import { isJson } from '../../json/is-json.ts';
import { type Slice, type StoredRecord, whole } from '../../kafka/record.ts';
import { filterField, filterNeedsNumber, filterTooLong } from '../../messages/read.ts';
import { findKey } from '../key-path/find.ts';
import { parseKeyPath } from '../key-path/parse.ts';

/** Whether a record passes the filter. */
export type RecordFilter = (record: StoredRecord) => boolean;

/** Finds the values that a condition applies to: none, or several where a header occurs more than once. */
type Field = (record: StoredRecord) => Slice[];

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

const QUOTE = 0x22;

/** The longest filter. */
const LONGEST = 1000;

/**
 * Reads filters, all of which must hold. Each is a field (`key`, `header.<name>`, `value`, or `value.<path>` with a key path), an operator
 * (`==`, `!=`, `<`, `<=`, `>` or `>=`) and a text. Without an operator, the field must be present. A backslash makes the next character
 * literal. Strings compare by their content, other JSON by its text; the last four operators compare numbers. A value that is not JSON has
 * no fields, and an absent field is unequal to everything. A record that is too large to be read passes all filters.
 *
 * @param shown the part of a value that counts
 * @throws {GatewayError} BadRequest
 */
export function readFilters(texts: readonly string[], shown: (value: Slice | null) => Slice | null): RecordFilter {
  const jsonOf = jsonValueOf(shown);
  const conditions = texts.map((text) => readFilter(text, shown, jsonOf));
  return (record) => record.tooLarge !== undefined || conditions.every((holds) => holds(record));
}

/**
 * Makes a filter: a field, named as in {@link readFilters}, must equal one of the texts. If a header occurs more than once, each of its
 * values must. An absent field does not pass, nor does a record that is too large to be read.
 *
 * @throws {GatewayError} BadRequest
 */
export function fieldIsOneOf(name: string, texts: readonly string[]): RecordFilter {
  const asIs = (value: Slice | null): Slice | null => value;
  const field = readField(name, asIs, jsonValueOf(asIs));
  const wanted = texts.map((text) => Buffer.from(text));
  const isWanted = ({ bytes, start, end }: Slice): boolean => wanted.some((one) => one.compare(bytes, start, end) === 0);
  const isHeader = name.startsWith('header.');
  return (record) => {
    if (record.tooLarge !== undefined) return false;
    const found = field(record);
    if (!isHeader) return found.some(isWanted);
    const count = (record.headers ?? []).filter(({ key }) => key === headerOf(name)).length;
    return found.length > 0 && found.length === count && found.every(isWanted);
  };
}

const headerOf = (name: string): string => name.slice('header.'.length).replace(/\\(.)/gs, '$1');

function readFilter(text: string, shown: (value: Slice | null) => Slice | null, jsonOf: JsonOf): RecordFilter {
  if (text.length > LONGEST) throw filterTooLong(LONGEST);
  const { at, operator } = findOperator(text);
  const field = readField(text.slice(0, at), shown, jsonOf);
  if (operator === null) return (record) => field(record).length > 0;
  const wanted = text.slice(at + operator.length);
  if (operator === '==' || operator === '!=') {
    const bytes = Buffer.from(wanted);
    const isEqual = (found: Slice) => bytes.compare(found.bytes, found.start, found.end) === 0;
    return operator === '==' ? (record) => field(record).some(isEqual) : (record) => !field(record).some(isEqual);
  }
  if (Number.isNaN(numberOf(wanted))) throw filterNeedsNumber(operator);
  return (record) =>
    field(record).some(({ bytes, start, end }) => holds(compareNumbers(bytes.toString('latin1', start, end), wanted), operator));
}

/** The first operator that is not escaped and not in brackets, which belong to a path. */
function findOperator(text: string): { at: number; operator: Operator | null } {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0) {
      const operator = OPERATORS.find((one) => text.startsWith(one, at));
      if (operator !== undefined) return { at, operator };
    }
  }
  return { at: text.length, operator: null };
}

function readField(name: string, shown: (value: Slice | null) => Slice | null, jsonOf: JsonOf): Field {
  if (name === 'key') return ({ key }) => bothWays(key);
  if (name === 'value') return ({ value }) => bothWays(shown(value));
  if (name.startsWith('header.') && name.length > 'header.'.length) {
    const wanted = headerOf(name);
    return ({ headers }) => (headers ?? []).flatMap(({ key, value }) => (key === wanted && value !== null ? [whole(value)] : []));
  }
  if (name.startsWith('value.') && name.length > 'value.'.length) {
    const path = parseKeyPath(name.slice('value.'.length));
    return (record) => listOf(fieldOf(jsonOf(record), (json) => findKey(json, path)));
  }
  throw filterField();
}

/** The bytes themselves, and the string that they are in JSON, if any. */
function bothWays(slice: Slice | null): Slice[] {
  if (slice === null) return [];
  const { bytes, start, end } = slice;
  if (bytes[start] !== QUOTE || !isJson(bytes, start, end)) return [slice];
  return [slice, whole(Buffer.from(String(JSON.parse(bytes.toString('utf8', start, end)))))];
}

const listOf = (slice: Slice | null): Slice[] => (slice === null ? [] : [slice]);

/** Returns the value of a record if it is JSON. */
type JsonOf = (record: StoredRecord) => Slice | null;

/** Checks only once per record, for all filters, whether its value is JSON. */
function jsonValueOf(shown: (value: Slice | null) => Slice | null): JsonOf {
  let last: StoredRecord | null = null;
  let json: Slice | null = null;
  return (record) => {
    if (record === last) return json;
    last = record;
    const value = shown(record.value);
    json = value !== null && isJson(value.bytes, value.start, value.end) ? value : null;
    return json;
  };
}

/** A string in a log may hold an unpaired surrogate. */
function fieldOf(value: Slice | null, find: (json: Slice) => Slice | null): Slice | null {
  if (value === null) return null;
  try {
    return find(value);
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

function holds(order: number, operator: Operator): boolean {
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}
