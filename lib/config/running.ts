import type { Environment } from './environment-reader.ts';

/** What changes while a process runs, in front of what it was deployed with. */
let changed: Environment | null = null;
let version = 0;

/** The variables that hold now. */
export const runningEnvironment = (): Environment => (changed === null ? process.env : { ...process.env, ...changed });

/** Another number each time that variables have changed. */
export const runningVersion = (): number => version;

/** Lets variables hold in the place of those of the process, until others do. They must have been checked. */
export function letHold(variables: Environment | null): void {
  changed = variables;
  version++;
}
