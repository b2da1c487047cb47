import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { deflateAsync } from '@gfx/zopfli';
import { cacheRoot } from '../local/cache.ts';

/** Rounds of optimization; more of them gain a thousandth. */
const ROUNDS = 5;
const KEPT_MS = 7 * 86_400_000;

/** Files that many functions have beside their bundles are compressed once. */
const deflating = new Map<string, Promise<Uint8Array>>();

/**
 * Slow Deflate: 3 % smaller than zlib's best, and most of the time that packaging takes. Results are kept until a week after their last
 * use, because most functions do not change from one package to the next.
 *
 * @param folder where results are kept
 */
export function deflate(content: Uint8Array, folder = join(cacheRoot, 'deflated')): Promise<Uint8Array> {
  const path = join(folder, createHash('sha256').update(`${ROUNDS} `).update(content).digest('hex'));
  const known = deflating.get(path) ?? keptOrMade(path, folder, content);
  deflating.set(path, known);
  return known;
}

async function keptOrMade(path: string, folder: string, content: Uint8Array): Promise<Uint8Array> {
  const kept = await readFile(path).catch(() => undefined);
  if (kept !== undefined && inflatesTo(content, kept)) {
    await utimes(path, new Date(), new Date());
    return kept;
  }
  const made = await deflateAsync(content, { numiterations: ROUNDS });
  await mkdir(folder, { recursive: true });
  await removeUnused(folder);
  // Rename, so that the file appears complete: another process may be packaging.
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, made);
  await rename(unfinished, path);
  return made;
}

function inflatesTo(content: Uint8Array, deflated: Uint8Array): boolean {
  try {
    return inflateRawSync(deflated).equals(content);
  } catch {
    return false;
  }
}

async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another process may have removed it.
    const used = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (used < Date.now() - KEPT_MS) await rm(path, { force: true });
  }
}
