import { type Environment, EnvironmentReader } from './environment-reader.ts';
import { runningEnvironment, runningVersion } from './running.ts';

/** Reads one section of the configuration: from the variables in use, or from those given. */
export type ReadSection<Section> = (environment?: Environment) => Section;

/** Makes the reader of a section, which reports all problems at once. */
export const section =
  <Section>(read: (reader: EnvironmentReader) => Section): ReadSection<Section> =>
  (environment = runningEnvironment()) => {
    const reader = new EnvironmentReader(environment);
    const values = read(reader);
    reader.throwProblems();
    return values;
  };

/**
 * A section of this process: read on first use and again after variables have changed; kept if it is valid. Therefore a missing variable
 * only fails the functions that need it.
 */
export function ofProcess<Section>(read: () => Section): () => Section {
  let kept: { section: Section; version: number } | undefined;
  return () => {
    const version = runningVersion();
    if (kept?.version !== version) kept = { section: read(), version };
    return kept.section;
  };
}
