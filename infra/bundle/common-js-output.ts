import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Marks each bundle as CommonJS with a package.json beside it. The repository's own package.json says ES module, and Node uses the nearest
 * one where bundles run in place (`serverless invoke local`, `serverless offline`).
 */
export const commonJsOutput: Plugin = {
  name: 'common-js-output',
  setup({ initialOptions: { outdir, write }, onEnd }) {
    if (outdir === undefined) throw new Error('common-js-output needs outdir');
    if (write === false) return;

    onEnd(async () => {
      await mkdir(outdir, { recursive: true });
      await writeFile(join(outdir, 'package.json'), '{"type":"commonjs"}\n');
    });
  },
};
