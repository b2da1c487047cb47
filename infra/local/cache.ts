import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './lock.ts';

/** The absolute path of the cache folder. */
export const cacheRoot = fileURLToPath(new URL('../../.cache/', import.meta.url));

/**
 * A directory that is made once and kept between starts, in the repository's `.cache`, which git does not track. It appears only when it is
 * complete; processes that need it at the same time wait for the one that makes it.
 *
 * @param name path of the directory in the cache, without the hash of its inputs
 * @param inputs everything that the content depends on: other inputs give another directory
 * @param make fills the empty directory it gets
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
    // A new name each time: a download that outlives its starter must not write into this directory.
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
