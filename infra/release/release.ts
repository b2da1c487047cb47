import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { releasedChangelog } from './changelog.ts';
import { checkNextVersion, withVersion } from './version.ts';

/**
 * Makes a release: moves the changelog's entries to the version, sets the version, commits, and tags. Pushes nothing, and changes nothing
 * if it throws.
 *
 * @param directory of the repository, on its branch main, without uncommitted changes
 * @param date of the release, such as `2026-01-31`
 * @returns the tag
 * @throws {Error} that says what prevents the release
 */
export async function release(directory: string, version: string, date: string): Promise<string> {
  const git = async (...parameters: string[]) => (await promisify(execFile)('git', parameters, { cwd: directory })).stdout.trim();
  const tag = `v${version}`;
  const branch = await git('branch', '--show-current');
  if (branch !== 'main') throw new Error(`The branch is ${branch || 'none'}: switch to main`);
  if ((await git('status', '--porcelain')) !== '') throw new Error('The working tree has changes: commit or stash them');
  const tags = (await git('tag', '--list', 'v*')).split('\n');
  if (tags.includes(tag)) throw new Error(`There is a tag ${tag} already: choose a newer version`);

  const read = (file: string) => readFile(join(directory, file), 'utf8');
  const current = versionOf(await read('package.json'));
  checkNextVersion(version, current, tags.includes(`v${current}`));
  const files = {
    'CHANGELOG.md': releasedChangelog(await read('CHANGELOG.md'), version, date),
    'package.json': withVersion(await read('package.json'), current, version),
    'package-lock.json': withVersion(await read('package-lock.json'), current, version),
  };
  const before = await git('rev-parse', 'HEAD');
  try {
    for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
    await git('add', ...Object.keys(files));
    await git('commit', '--quiet', '--message', `chore(release): ${version}`);
    await git('tag', '--annotate', tag, '--message', `Version ${version}`);
  } catch (error) {
    // A hook or a signature may fail. Nothing is lost: the tree had no changes.
    await git('reset', '--quiet', '--hard', before);
    throw error;
  }
  return tag;
}

function versionOf(packageJson: string): string {
  const { version }: { version?: unknown } = JSON.parse(packageJson);
  if (typeof version !== 'string') throw new Error('package.json has no version: add one');
  return version;
}
