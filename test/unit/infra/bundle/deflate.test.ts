import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { deflate } from '../../../../infra/bundle/deflate.ts';

suite('what is deflated', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'deflate-'));
  });
  after(() => rm(root, { recursive: true }));

  const text = (word: string) => Buffer.from(`${word} `.repeat(1000));
  const folderOf = (name: string) => join(root, name);

  test('inflates to the same, and is kept', async () => {
    const deflated = await deflate(text('same'), folderOf('kept'));

    assert.deepEqual(inflateRawSync(deflated), text('same'));
    const [name] = await readdir(folderOf('kept'));
    assert.deepEqual(await readFile(join(folderOf('kept'), name)), Buffer.from(deflated));
  });

  test('is made again where what was kept is spoilt', async () => {
    const expected = await deflate(text('first'), folderOf('first'));
    const [name] = await readdir(folderOf('first'));
    await deflate(text('other'), folderOf('second'));
    await writeFile(join(folderOf('second'), name), 'spoilt');

    const deflated = await deflate(text('first'), folderOf('second'));

    assert.deepEqual(Buffer.from(deflated), Buffer.from(expected));
  });

  test('goes when it was not used for a week', async () => {
    const folder = folderOf('old');
    await deflate(text('old'), folder);
    const [old] = await readdir(folder);
    const before = new Date(Date.now() - 8 * 86_400_000);
    await utimes(join(folder, old), before, before);

    await deflate(text('new'), folder);

    const names = await readdir(folder);
    assert.equal(names.length, 1);
    assert.notEqual(names[0], old);
  });
});
