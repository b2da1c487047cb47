import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { cached, cacheRoot } from '../../../infra/local/cache.ts';
import { exclusively } from '../../../infra/local/lock.ts';

let folder: string;

beforeEach(() => {
  folder = `test-${randomUUID()}`;
});

afterEach(() => rm(join(cacheRoot, folder), { recursive: true, force: true }));

test('what several want at the same time is made once', async () => {
  let made = 0;
  const make = async (directory: string) => {
    made += 1;
    await writeFile(join(directory, 'content'), 'whole');
  };

  const directories = await Promise.all([1, 2, 3].map(() => cached(`${folder}/thing`, ['input'], make)));

  assert.equal(made, 1);
  assert.equal(new Set(directories).size, 1);
  assert.equal(await readFile(join(directories[0], 'content'), 'utf8'), 'whole');
});

test('other inputs give another directory', async () => {
  const one = await cached(`${folder}/thing`, ['1'], async () => {});
  const other = await cached(`${folder}/thing`, ['2'], async () => {});

  assert.notEqual(one, other);
});

test('what could not be made leaves nothing and is made at the next try', async () => {
  const failing = cached(`${folder}/thing`, [], async (directory) => {
    await writeFile(join(directory, 'content'), 'half');
    throw new Error('interrupted');
  });
  await assert.rejects(failing, /interrupted/);
  const left = await readdir(join(cacheRoot, folder));

  const directory = await cached(`${folder}/thing`, [], async () => {});

  assert.deepEqual(left, ['thing.lock']);
  assert.deepEqual(await readdir(directory), []);
});

test('a lock is free again when the process that held it was killed', async () => {
  const directory = await cached(`${folder}/locks`, [], async () => {});
  const file = join(directory, 'lock');
  const hold = `
    import { exclusively } from ${JSON.stringify(new URL('../../../infra/local/lock.ts', import.meta.url).href)};
    await exclusively(${JSON.stringify(file)}, () => new Promise(() => setInterval(() => console.log('held'), 10)));
  `;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', hold], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');

  const order: string[] = [];
  const mine = exclusively(file, async () => order.push('mine'));
  order.push('killed');
  holder.kill('SIGKILL');
  await mine;

  assert.deepEqual(order, ['killed', 'mine']);
});
