import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Optional } from './optional-table.ts';

const repository = resolve(import.meta.dirname, '../..');
const functions = join(repository, 'functions');

let imported: Promise<ReadonlySet<string>> | undefined;

/** Optional modules that no function imports in any configuration. */
export async function unimported(table: ReadonlyMap<string, Optional>): Promise<string[]> {
  imported ??= importsOfFunctions();
  const known = await imported;
  return [...table.keys()].filter((key) => !known.has(key));
}

/** Every package, and the absolute path of every own module, that any function imports. Once per process: it takes a tenth of a second. */
async function importsOfFunctions(): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: readdirSync(functions).map((file) => join(functions, file)),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: repository,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const packages = Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  return new Set([...Object.keys(metafile.inputs).map((file) => join(repository, file)), ...packages]);
}
