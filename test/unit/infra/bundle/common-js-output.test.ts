import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commonJsOutput } from '../../../../infra/bundle/common-js-output.ts';
import { bundle, temporaryDirectory } from './bundling.ts';

test('a bundle lies beside a package.json that says it is CommonJS', async (t) => {
  const outdir = join(await temporaryDirectory(t), 'functions');

  await bundle('export const handler = () => {};', [commonJsOutput], { outdir, write: true });

  assert.deepEqual(JSON.parse(await readFile(join(outdir, 'package.json'), 'utf8')), { type: 'commonjs' });
});
