import { isObject, type JsonMembers } from '../json/json-members.ts';
import type { LogEntry } from './log-event.ts';

/** JSON in which strings that begin with `$` stand for parts of a log entry. */
export type Template = null | boolean | number | string | readonly Template[] | { readonly [name: string]: Template };

/** What a template takes its values from. */
export interface LogSource {
  readonly entry: LogEntry;
  readonly group: string;
  readonly stream: string;
  /** The members of the message, if it is a JSON object. */
  readonly members: JsonMembers | null;
}

/** Fills a template: `$.path.to.member` of an entry that is JSON, `$message`, `$id`, `$time`, `$group`, `$stream`. */
export function filled(template: Template, source: LogSource): unknown {
  if (typeof template === 'string') return named(template, source);
  if (Array.isArray(template)) return template.map((one: Template) => filled(one, source));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, one]) => [name, filled(one, source)]));
}

/** The value that a template string stands for, as text; null if there is none. */
export function textOf(template: string, source: LogSource): string | null {
  const value = named(template, source) ?? null;
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

function named(text: string, { entry, group, stream, members }: LogSource): unknown {
  if (!text.startsWith('$')) return text;
  if (text.startsWith('$.')) {
    let at: unknown = members;
    for (const name of text.slice(2).split('.')) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : null;
    return at;
  }
  const whole: Readonly<Record<string, unknown>> = {
    $message: entry.message,
    $id: entry.id,
    $time: entry.timestamp,
    $group: group,
    $stream: stream,
  };
  return Object.hasOwn(whole, text) ? whole[text] : null;
}

/** All valid names that do not begin with `$.`. */
const NAMES = ['$message', '$id', '$time', '$group', '$stream'];

/** Whether a template uses only valid names. */
export function isTemplate(value: unknown): value is Template {
  if (typeof value === 'string') return !value.startsWith('$') || NAMES.includes(value) || /^\$(\.[^.]+)+$/.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isTemplate);
}
