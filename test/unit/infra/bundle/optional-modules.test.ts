import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import plugins from '../../../../infra/bundle/plugins.ts';
import { bundle, bundledFiles, temporaryDirectory } from './bundling.ts';

const source = `
  import { CallerClusters } from '../../../../lib/clusters/caller-clusters.ts';
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
