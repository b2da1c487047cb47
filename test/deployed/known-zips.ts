import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OPTIONAL } from '../../infra/bundle/optional-table.ts';
import { cacheRoot } from '../../infra/local/cache.ts';
import { deployedRows } from '../../infra/template/functions.ts';
import { contentsOfSources } from '../harness/lambda/package-functions.ts';
import { openServerless, openWithZips, type Serverless } from '../harness/lambda/serverless.ts';

const root = join(cacheRoot, 'deployed-zips');

/**
 * The framework with the zips of an earlier deployment, where that was of the same sources, has all functions of this one, and left out of
 * its zips what this one does. Otherwise it makes them, and they are kept once {@link KnownZips.keep} is called.
 */
export interface KnownZips {
  framework: Serverless;
  /** To be called once the framework has made them. */
  keep(): Promise<void>;
}

/** @param plugins paths of further plugins for the framework */
export async function openWithKnownZips(plugins: readonly string[], configuration: Record<string, string>): Promise<KnownZips> {
  const sources = createHash('sha256');
  for (const content of await contentsOfSources()) sources.update(content);
  const ofSources = join(root, sources.digest('hex').slice(0, 12));
  const leftOut = [...OPTIONAL.values()].map(({ when }) => (when(configuration) ? '1' : '0')).join('');
  const known = join(ofSources, leftOut);
  const names = deployedRows(configuration).map(([name]) => name);

  if (names.every((name) => existsSync(zipIn(known, name)))) {
    const framework = await openWithZips(async (name, path) => {
      if (names.includes(name)) await copyFile(zipIn(known, name), path);
    }, plugins);
    return { framework, keep: async () => undefined };
  }
  const framework = await openServerless(plugins);
  return {
    framework,
    async keep() {
      await mkdir(known, { recursive: true });
      for (const name of await readdir(root)) if (!ofSources.endsWith(name)) await rm(join(root, name), { recursive: true, force: true });
      for (const name of names) {
        // Appears whole or not at all.
        const unfinished = `${zipIn(known, name)}.part`;
        await copyFile(zipIn(join(framework.folder, '.serverless'), name), unfinished);
        await rename(unfinished, zipIn(known, name));
      }
    },
  };
}

const zipIn = (folder: string, name: string): string => join(folder, `${name}.zip`);
