import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Says beside each bundle that it is CommonJS. The repository's own package.json says the opposite, and the nearest one counts
 * where the bundles are run in place (`serverless invoke local`, `serverless offline`).
 */
export const commonJsOutput: Plugin = {
  name: 'common-js-output',
  setup({ initialOptions: { outdir }, onEnd }) {
    if (outdir === undefined) throw new Error('common-js-output needs outdir');

    onEnd(async () => {
      await mkdir(outdir, { recursive: true });
      await writeFile(join(outdir, 'package.json'), '{"type":"commonjs"}\n');
    });
  },
};
