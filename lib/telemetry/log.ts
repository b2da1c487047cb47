import type { LogEvent } from './events.ts';
import { output } from './output.ts';
import { timestamp } from './timestamp.ts';

const severities = { debug: 10, info: 20, warn: 30, error: 40 };

/** Events of this level and of more severe ones are logged. */
export type LogLevel = keyof typeof severities;

/** Fields of a log line. Values whose key names a secret, and contents of buffers, are not shown. */
export type LogFields = Readonly<Record<string, unknown>>;

let threshold = severities.info;

/** Sets the level of the process; by default `info`. */
export function setLogLevel(level: LogLevel): void {
  threshold = severities[level];
}

/** Whether lines of this level are written. */
export const isLogged = (level: LogLevel): boolean => severities[level] >= threshold;

/**
 * The log: one line of JSON per event on stdout, with `timestamp`, `level` and `message` like Lambda's own JSON log, and with `event`, its
 * name for machines. An Error among the fields is shown with its stack and its causes. Never throws.
 */
export const log = {
  /** @param fields called only if the level is enabled, so that a line costs next to nothing otherwise */
  debug: (event: LogEvent, message: string, fields: () => LogFields): void => write('debug', event, message, fields),
  /** @param more members that are JSON already, each after a comma */
  info: (event: LogEvent, message: string, fields?: LogFields, more?: string): void => write('info', event, message, fields, more),
  warn: (event: LogEvent, message: string, fields?: LogFields): void => write('warn', event, message, fields),
  error: (event: LogEvent, message: string, fields?: LogFields): void => write('error', event, message, fields),
};

function write(level: LogLevel, event: LogEvent, message: string, fields: LogFields | (() => LogFields) = {}, more = ''): void {
  if (!isLogged(level)) return;
  const head = `{"timestamp":"${timestamp()}","level":"${level.toUpperCase()}","event":"${event}","message":${quoted(message)}`;
  let members: string;
  try {
    members = membersOf(typeof fields === 'function' ? fields() : fields);
  } catch {
    // A getter that throws must not fail the request.
    members = ',"fields":"[unreadable]"';
  }
  output.write(`${head}${members}${more}}\n`);
}

/** The fields as members of a JSON object, each after a comma. */
function membersOf(fields: LogFields): string {
  let members = '';
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    const { start, isShown } = nameOf(name);
    members += isShown ? start + (typeof value === 'string' ? quoted(value) : asJson(value)) : start;
  }
  return members;
}

interface Name {
  /** The text before the value: a comma, the quoted name, and a colon. */
  start: string;
  /** False if the value is not shown; `start` is then the whole member. */
  isShown: boolean;
}

const names = new Map<string, Name>();
const MAX_NAMES = 500;

/** Checks each field name only once. */
function nameOf(name: string): Name {
  let known = names.get(name);
  if (known === undefined) {
    const start = `,${quoted(name)}:`;
    known = HEAD.includes(name)
      ? { start: '', isShown: false }
      : SECRET.test(name)
        ? { start: `${start}"[redacted]"`, isShown: false }
        : { start, isShown: true };
    if (names.size < MAX_NAMES) names.set(name, known);
  }
  return known;
}

/** Fields cannot replace these members. */
const HEAD = ['timestamp', 'level', 'event', 'message'];

const PLAIN = /^[ !#-[\]-~]*$/;

/** A text as JSON, for members that are passed as JSON; without characters that viewers obey. */
export const quoted = (text: string): string =>
  text.length < 1000 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(plain(text, [])).replace(DISTURBING, '?');

function asJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  return JSON.stringify(plain(value, [])).replace(DISTURBING, '?');
}

/** Characters that JSON does not escape but viewers obey: DEL and C1 controls, line separators, marks that reorder text. */
const DISTURBING = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const MAX_DEPTH = 8;
const MAX_TEXT = 16_384;
const SECRET = /pass(word|phrase)|secret|token|authorization|sasl|credential|cookie|private.?key/i;

/** A copy that JSON.stringify can always write. `above` are the enclosing objects, to find cycles. */
function plain(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}...` : value;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return value;

  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return String(value.toJSON());
  if (above.includes(value)) return '[circular]';
  if (above.length >= MAX_DEPTH) return '[too deep]';
  const around = [...above, value];
  if (value instanceof Error) return plainError(value, around);
  if (value instanceof Map) return plainFields(Object.fromEntries(value), around);
  const items = value instanceof Set ? [...value] : value;
  return Array.isArray(items) ? items.map((item) => plain(item, around)) : plainFields(items, around);
}

function plainFields(fields: object, around: readonly object[]): object {
  const shown = Object.create(null);
  for (const [key, value] of Object.entries(fields)) shown[key] = SECRET.test(key) ? '[redacted]' : plain(value, around);
  return shown;
}

const errorFields = ['name', 'message', 'code', 'type', 'stack', 'cause', 'errors'];

function plainError(error: Error, around: readonly object[]): object {
  return Object.fromEntries(
    errorFields.filter((field) => field in error).map((field) => [field, plain(Reflect.get(error, field), around)]),
  );
}
