import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import plugins from '../bundle/plugins.ts';

const repository = join(import.meta.dirname, '../..');

/**
 * Bundles the gateway as one process into a folder, and into a zip beside it. Lambda runs `index.js` of a web function. As with functions,
 * the zip leaves out what the current variables do not need.
 *
 * @returns the path of the zip
 */
export async function packageWeb(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: repository,
    entryPoints: { index: join(repository, 'infra/serve/main.ts') },
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    plugins,
    logLevel: 'warning',
  });
  const names = await readdir(folder);
  const files = await Promise.all(names.map(async (name): Promise<[string, Uint8Array]> => [name, await readFile(join(folder, name))]));
  const zip = `${folder}.zip`;
  await writeFile(zip, zipSync(Object.fromEntries(files), { level: 9 }));
  return zip;
}
