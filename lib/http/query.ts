import { integerWithin } from '../integer.ts';
import { parameterInvalid, parameterMissing, parameterRepeated, queryNotUtf8 } from '../messages/requests.ts';
import { parseTime } from './time.ts';

/** The decoded parameters of a query string: for each name its values, in the given order. */
export type Query = ReadonlyMap<string, readonly string[]>;

const noQuery: Query = new Map();

/**
 * Reads a query string without its `?`. A plus sign is a space.
 * @throws {GatewayError} BadRequest for a percent escape that is not UTF-8
 */
export function readQuery(text: string): Query {
  if (text === '') return noQuery;

  const query = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw queryNotUtf8.with({ cause });
  }
}

/**
 * The query, with its question mark, of the request that continues this one. It is a relative link, so it works below any stage and
 * domain.
 *
 * @param next parameters that the next request adds or changes
 * @param kept names of the parameters that it keeps from this request
 */
export function queryAfter(query: Query, next: Readonly<Record<string, string>>, kept: ReadonlySet<string>): string {
  const after = new URLSearchParams(next);
  for (const [name, values] of query) if (kept.has(name)) for (const value of values) after.append(name, value);
  return `?${after}`;
}

/** The reader of one query parameter. */
export interface Parameter<T> {
  /** The accepted values, to follow "must be" in an error message. */
  readonly accepts: string;
  /** The value, or undefined when the text is not valid. */
  readonly parse: (text: string) => T | undefined;
  /** The value of an absent parameter; without this function, the parameter is required. */
  readonly absent?: () => T;
}

/**
 * Reads the named parameters of a query; ignores others.
 * @example const { timestamp, limit } = parseQuery(query, { timestamp: optional(time), limit: withDefault(integer({ min: 1 }), 100) });
 * @throws {GatewayError} BadRequest, with the parameter's name and what it accepts, when it does not parse, is missing, or is given twice
 */
export function parseQuery<Values extends Record<string, unknown>>(
  query: Query,
  parameters: { readonly [Name in keyof Values]: Parameter<Values[Name]> },
): Values;
export function parseQuery(query: Query, parameters: Readonly<Record<string, Parameter<unknown>>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name in parameters) values[name] = readParameter(query.get(name), name, parameters[name]);
  return values;
}

function readParameter<T>(values: readonly string[] | undefined, name: string, { accepts, parse, absent }: Parameter<T>): T {
  if (values === undefined) {
    if (absent !== undefined) return absent();
    throw parameterMissing(name, accepts);
  }
  if (values.length > 1) throw parameterRepeated(name);
  const value = parse(values[0]);
  if (value === undefined) throw parameterInvalid(name, accepts);
  return value;
}

/** A parameter that may be absent: then it is undefined. */
export const optional = <T>(parameter: Parameter<T>): Parameter<T | undefined> => ({ ...parameter, absent: () => undefined });

/** A parameter with a default. */
export const withDefault = <T>(parameter: Parameter<T>, value: T): Parameter<T> => ({ ...parameter, absent: () => value });

/** A parameter that accepts what either of two accepts; the first takes precedence. */
export const either = <A, B>(first: Parameter<A>, second: Parameter<B>): Parameter<A | B> => ({
  accepts: `${first.accepts}, or ${second.accepts}`,
  parse: (text) => first.parse(text) ?? second.parse(text),
});

/** A decimal integer within bounds, `7` or `7.0`; without bounds, any that a JSON number holds exactly. */
export function integer({ min, max }: { min?: number; max?: number } = {}): Parameter<number> {
  const { MIN_SAFE_INTEGER: lowest, MAX_SAFE_INTEGER: highest } = Number;
  return {
    accepts: `an integer${bounds(min, max)}`,
    parse(text) {
      return integerWithin(text, min ?? lowest, max ?? highest) ?? undefined;
    },
  };
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return max === undefined ? '' : ` of at most ${max}`;
  return max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
}

/** A time in Unix milliseconds, given as such or as ISO 8601. */
export const time: Parameter<number> = { accepts: 'a time, as Unix milliseconds or ISO 8601 (2031-05-06T07:08:09.123Z)', parse: parseTime };

/** One of the given words, in exactly this spelling. */
export const oneOf = <Word extends string>(...words: readonly Word[]): Parameter<Word> => ({
  accepts: words.join(', ').replace(/, ([^,]*)$/, ' or $1'),
  parse: (text) => words.find((word) => word === text),
});

/** `true` or `false`. */
export const boolean: Parameter<boolean> = {
  accepts: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

/** Any text that is not empty. */
export const text: Parameter<string> = { accepts: 'a text that is not empty', parse: (given) => given || undefined };
