import type { Environment } from './environment-reader.ts';

/** Variables that the document has changed; they override the deployed ones. */
let changed: Environment | null = null;
let version = 0;

/** The variables in use. */
export const runningEnvironment = (): Environment => (changed === null ? process.env : { ...process.env, ...changed });

/** A number that changes with the variables. */
export const runningVersion = (): number => version;

/** Overrides variables of the process until the next call. The caller must have checked them. */
export function letHold(variables: Environment | null): void {
  changed = variables;
  version++;
}
