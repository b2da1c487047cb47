import { ExactNumber } from './exact-numbers.ts';

/** Data that does not fit its schema, or bytes that were not written with it. `path` leads from the whole value to the part at fault. */
export class Misfit extends Error {
  path = '';
  /** True when no other branch may be tried. */
  isFinal = false;

  constructor(message: string) {
    // Unions throw thousands of these for branches that do not fit, and nobody reads their stacks.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Turns the error of a part into that of the whole. @param step `.name` or `[0]` */
export function inside(error: unknown, step: string): unknown {
  if (error instanceof Misfit) error.path = step + error.path;
  return error;
}

/** The step of a member in a path. */
export const memberStep = (name: string): string => (/^[\w$-]{1,60}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 60))}]`);

/** The type of a JSON value for error messages, which must not quote its content. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof ExactNumber) return 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Whether a value is a JSON object; narrows its type. */
export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
