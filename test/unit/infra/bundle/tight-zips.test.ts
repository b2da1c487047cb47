import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { tighten } from '../../../../infra/bundle/tight-zips.ts';

const files = { 'functions/a.js': strToU8('same '.repeat(1000)), 'functions/package.json': strToU8('{}') };
const loose = zipSync(files, { level: 0 });

suite('a tightened zip', () => {
  test('holds the same files in less space', async () => {
    const tight = await tighten(loose);

    assert.deepEqual(Object.keys(unzipSync(tight)).sort(), Object.keys(files));
    assert.equal(strFromU8(unzipSync(tight)['functions/a.js']), 'same '.repeat(1000));
    assert.ok(tight.length < loose.length / 5, `${tight.length} of ${loose.length} bytes`);
  });

  test('has the same bytes whenever and in whichever order the files were zipped', async () => {
    const reversed = Object.fromEntries(Object.entries(files).reverse());

    const tight = await tighten(zipSync(reversed, { mtime: '2020-02-02' }));

    assert.deepEqual(tight, await tighten(loose));
  });

  test('is without files beside the bundle that it does not load', async () => {
    const bundle = strToU8('require("./used.cjs")');
    const zip = zipSync({ 'functions/a.js': bundle, 'functions/used.cjs': strToU8(''), 'functions/unused.cjs': strToU8('') });

    assert.deepEqual(Object.keys(unzipSync(await tighten(zip))).sort(), ['functions/a.js', 'functions/used.cjs']);
  });

  test('lets every user read the files', async () => {
    const tight = Buffer.from(await tighten(loose));

    // The central directory's entries begin with this signature; their mode is in the upper half of the attributes at 38.
    const entry = tight.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    assert.equal((tight.readUInt32LE(entry + 38) >>> 16).toString(8), '100644');
  });
});
