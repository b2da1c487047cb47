import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

const repository = join(import.meta.dirname, '../..');

/**
 * An esbuild plugin that replaces lib/openapi/documents.ts and lib/console/files.ts by the values that they export at the time of the
 * build, so that the code behind them stays out of the bundle.
 */
export const frozenDocuments: Plugin = {
  name: 'frozen-documents',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]lib[\\/](?:openapi[\\/]documents|console[\\/]files)\.ts$/ }, async ({ path }) => {
      const documents: Record<string, unknown> = await import(pathToFileURL(path).href);
      const contents = Object.entries(documents).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
      return { contents: contents.join('\n'), watchFiles: [join(repository, 'openapi.yaml')] };
    });
  },
};
