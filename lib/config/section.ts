import { type Environment, EnvironmentReader } from './environment-reader.ts';
import { runningEnvironment, runningVersion } from './running.ts';

/** Reads the variables of one section of the configuration: those that hold now, unless others are given. */
export type ReadSection<Section> = (environment?: Environment) => Section;

/** Makes a section of its variables. All that is wrong with them is told at once. */
export const section =
  <Section>(read: (reader: EnvironmentReader) => Section): ReadSection<Section> =>
  (environment = runningEnvironment()) => {
    const reader = new EnvironmentReader(environment);
    const values = read(reader);
    reader.throwProblems();
    return values;
  };

/**
 * A section as this process is configured: read when it is asked for first, and again when variables have changed; kept when nothing is
 * wrong with it. A function does not fail for want of a variable that it does not need.
 */
export function ofProcess<Section>(read: () => Section): () => Section {
  let kept: { section: Section; version: number } | undefined;
  return () => {
    const version = runningVersion();
    if (kept?.version !== version) kept = { section: read(), version };
    return kept.section;
  };
}
