import { isObject, type JsonMembers } from '../json/json-members.ts';
import type { LogEntry } from './log-event.ts';

/** JSON in which texts that begin with `$` are replaced by what they name. */
export type Template = null | boolean | number | string | readonly Template[] | { readonly [name: string]: Template };

/** What a template takes its parts from. */
export interface LogSource {
  readonly entry: LogEntry;
  readonly group: string;
  readonly stream: string;
  /** Of the message, where it is a JSON object. */
  readonly members: JsonMembers | null;
}

/** A template with all that it names: `$.path.to.member` of an entry that is JSON, `$message`, `$id`, `$time`, `$group`, `$stream`. */
export function filled(template: Template, source: LogSource): unknown {
  if (typeof template === 'string') return named(template, source);
  if (Array.isArray(template)) return template.map((one: Template) => filled(one, source));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, one]) => [name, filled(one, source)]));
}

/** What a text of a template names, as a text; null where there is nothing. */
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

/** The names that do not begin with `$.`; a template may name no others. */
const NAMES = ['$message', '$id', '$time', '$group', '$stream'];

/** Whether all that a template names can be there. */
export function isTemplate(value: unknown): value is Template {
  if (typeof value === 'string') return !value.startsWith('$') || NAMES.includes(value) || /^\$(\.[^.]+)+$/.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isTemplate);
}
