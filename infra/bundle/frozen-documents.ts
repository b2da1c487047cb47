import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

const repository = join(import.meta.dirname, '../..');

/**
 * An esbuild plugin that puts the documents of lib/openapi/documents.ts into the bundle as they are at the time of the build, in the
 * place of what makes them.
 */
export const frozenDocuments: Plugin = {
  name: 'frozen-documents',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]lib[\\/]openapi[\\/]documents\.ts$/ }, async ({ path }) => {
      const documents: Record<string, unknown> = await import(pathToFileURL(path).href);
      const contents = Object.entries(documents).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
      return { contents: contents.join('\n'), watchFiles: [join(repository, 'openapi.yaml')] };
    });
  },
};
