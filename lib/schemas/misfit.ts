import { ExactNumber } from './exact-numbers.ts';

/** Data that does not fit its schema, or bytes that were not written with it. `path` leads from the whole value to the part at fault. */
export class Misfit extends Error {
  path = '';
  /** True when nothing else is to be tried. */
  isFinal = false;

  constructor(message: string) {
    // Branches of unions are tried by the thousand, and nobody reads where in the code they did not fit.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The error of a part as the error of the whole that it is in. @param step `.name` or `[0]` */
export function inside(error: unknown, step: string): unknown {
  if (error instanceof Misfit) error.path = step + error.path;
  return error;
}

/** How a member's name stands in a path. */
export const memberStep = (name: string): string => (/^[\w$-]{1,60}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 60))}]`);

/** A JSON value as an error message shows it: what kind it is, and not what it holds. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof ExactNumber) return 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Narrows to a JSON object. */
export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
