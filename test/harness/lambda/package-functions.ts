import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zipNames, zipOf } from './deployed-function.ts';

const root = join(import.meta.dirname, '../../..');

/** The sources of the zips. */
const sources = ['functions', 'lib', 'infra', 'serverless.yml', 'package.json', 'package-lock.json'];

/** Packages the functions, unless their zips are newer than all of their sources. */
export async function packageFunctions(): Promise<void> {
  const zips = await Promise.all(zipNames.map((name) => lastChange(zipOf(name))));
  const files = await Promise.all(sources.map(filesBelow));
  const changes = await Promise.all(files.flat().map(lastChange));
  if (Math.min(...zips) > Math.max(...changes)) return;

  console.error('Packaging the functions …');
  await promisify(execFile)('npm', ['run', 'package'], { cwd: root });
}

/** The contents of all sources of the zips, in the order of their paths. */
export async function contentsOfSources(): Promise<Buffer[]> {
  const files = await Promise.all(sources.map(filesBelow));
  return Promise.all(
    files
      .flat()
      .toSorted()
      .map((file) => readFile(file)),
  );
}

async function filesBelow(source: string): Promise<string[]> {
  const path = join(root, source);
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** Unix milliseconds; 0 for a file that is missing. */
async function lastChange(file: string): Promise<number> {
  const stats = await stat(file).catch(() => null);
  return stats?.mtimeMs ?? 0;
}
