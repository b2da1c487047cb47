import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type BuildOptions, type BuildResult, build, type Plugin } from 'esbuild';

/** Builds a function's source as infra/bundle/esbuild.yml says, with these plugins. */
export function bundle(source: string, plugins: Plugin[], options: BuildOptions = {}): Promise<BuildResult> {
  return build({
    stdin: { contents: source, resolveDir: import.meta.dirname, sourcefile: 'function.ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outdir: tmpdir(),
    write: false,
    logLevel: 'silent',
    plugins,
    ...options,
  });
}

/** Paths of the source files that a build put into its output. */
export const bundledFiles = ({ metafile }: BuildResult): string[] =>
  Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) => Object.keys(inputs));

/** A new directory, for the time of a test. */
export async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bundle-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}
