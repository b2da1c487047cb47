import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './lock.ts';

/** The folder of all that is cached, absolute. */
export const cacheRoot = fileURLToPath(new URL('../../.cache/', import.meta.url));

/**
 * A directory that is made once and kept between starts, in the repository's `.cache`, which git does not track.
 * `inputs` is all that its content depends on: other inputs give another directory. It appears whole or not at all, and processes
 * that want it at the same time wait for the one that makes it.
 *
 * @param name path of the directory below the cache, without the hash of its inputs
 * @param make fills the empty directory it is given
 * @returns absolute path of the directory
 */
export async function cached(name: string, inputs: string[], make: (directory: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
  const directory = join(cacheRoot, `${name}-${hash}`);
  if (existsSync(directory)) return directory;

  await mkdir(dirname(directory), { recursive: true });
  return exclusively(join(cacheRoot, `${name}.lock`), async () => {
    if (existsSync(directory)) return directory;
    await removeUnfinished(directory);
    // A name of its own: a download that outlived its starter must not write into ours.
    const unfinished = await mkdtemp(`${directory}.part-`);
    try {
      await make(unfinished);
      await rename(unfinished, directory);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return directory;
  });
}

async function removeUnfinished(directory: string): Promise<void> {
  const entries = await readdir(dirname(directory));
  const unfinished = entries.filter((entry) => entry.startsWith(`${basename(directory)}.part-`));
  await Promise.all(unfinished.map((entry) => rm(join(dirname(directory), entry), { recursive: true, force: true })));
}
