import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { optionalModulesOf } from '../../../../infra/bundle/optional-modules.ts';
import { OPTIONAL } from '../../../../infra/bundle/optional-table.ts';
import plugins from '../../../../infra/bundle/plugins.ts';
import { bundle, bundledFiles, temporaryDirectory } from './bundling.ts';

const source = `
  import { CallerClusters } from '../../../../lib/clusters/caller-clusters.optional.ts';
  export const handler = () => new CallerClusters({ basic: 'PLAIN', bearer: null }, { maxIdleMs: 1 }, 1);
`;

const configure = (t: TestContext, GATEWAY_AUTH: string) => t.mock.property(process, 'env', { ...process.env, GATEWAY_AUTH });

test("what passes callers' credentials on is in the zips of a deployment that does", async (t) => {
  configure(t, 'passthrough');

  const files = bundledFiles(await bundle(source, plugins));

  assert.ok(files.some((file) => file.endsWith('lib/clusters/caller-credentials.ts')));
});

test('it is not in those of another, which say so', async (t) => {
  configure(t, 'iam');
  const outdir = await temporaryDirectory(t);

  const files = bundledFiles(await bundle(source, plugins, { outdir, write: true }));

  assert.ok(!files.some((file) => file.endsWith('lib/clusters/caller-credentials.ts')));
  const { handler } = createRequire(join(outdir, 'any.cjs'))('./stdin.js');
  assert.throws(handler, /CallerClusters is not in this zip: deploy with the variables/);
});

suite('a build fails', () => {
  test('when a module that its name calls optional is not known', async (t) => {
    const resolveDir = await temporaryDirectory(t);
    await writeFile(join(resolveDir, 'new.optional.ts'), 'export const value = 1;');
    const source = { contents: `export const handler = () => import('./new.optional.ts');`, resolveDir };

    await assert.rejects(
      bundle('', plugins, { stdin: source }),
      /must load .*new\.optional\.ts by import\(\), and infra\/bundle must know of it/,
    );
  });

  test('when an optional module is imported statically', async () => {
    const source = `export { countUse } from '../../../../lib/admission/limiter.optional.ts';`;

    await assert.rejects(bundle(source, plugins), /must load lib\/admission\/limiter\.optional\.ts by import\(\)/);
  });

  for (const [what, key] of [
    ['module', join(import.meta.dirname, '../../../../lib/admission/moved.optional.ts')],
    ['package', '@aws-sdk/client-lambda'],
  ]) {
    test(`when no function imports an optional ${what}`, async () => {
      const table = new Map([...OPTIONAL, [key, { when: () => true }]]);

      await assert.rejects(
        bundle('export const handler = 1;', [optionalModulesOf(table)]),
        /no function imports (?:lib\/admission\/moved\.optional\.ts|@aws-sdk\/client-lambda): move or remove it in infra\/bundle\/optional-table\.ts/,
      );
    });
  }
});

test('an optional module is known by where it is, however its import is spelt', async (t) => {
  t.mock.property(process, 'env', { ...process.env, GATEWAY_LIMITS: '' });
  const source = `export const handler = () => import('../../../../lib/admission/limiter.optional.ts');`;

  const files = bundledFiles(await bundle(source, plugins));

  assert.ok(!files.some((file) => file.endsWith('lib/limits/limiter.ts')));
});
