import { type Environment, EnvironmentReader } from './environment-reader.ts';

/** Reads the variables of one section of the configuration: those of the process, unless others are given. */
export type ReadSection<Section> = (environment?: Environment) => Section;

/** Makes a section of its variables. All that is wrong with them is told at once. */
export const section =
  <Section>(read: (reader: EnvironmentReader) => Section): ReadSection<Section> =>
  (environment = process.env) => {
    const reader = new EnvironmentReader(environment);
    const values = read(reader);
    reader.throwProblems();
    return values;
  };

/**
 * A section as this process is configured: read when it is asked for first, and kept when nothing is wrong with it. A function does not
 * fail for want of a variable that it does not need.
 */
export function ofProcess<Section>(read: () => Section): () => Section {
  let kept: { section: Section } | undefined;
  return () => {
    kept ??= { section: read() };
    return kept.section;
  };
}
