import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { slimDependencies } from './slim-dependencies.ts';

/** Packages that are imported by `import()`, and the file that says what of them is used. */
const LAZY = new Map([['@aws-sdk/client-secrets-manager', join(import.meta.dirname, 'secrets-manager.ts')]]);

/**
 * An esbuild plugin that puts a package which a function loads only on some paths into a file of its own beside the bundle: a start
 * without it reads half as much, and esbuild can leave out the unused parts of it, which it cannot for an `import()` in one file.
 * The build fails when such a package is imported statically.
 */
export const lazyDependencies: Plugin = {
  name: 'lazy-dependencies',
  setup({ initialOptions, esbuild, onStart, onResolve, onEnd }) {
    const { outdir } = initialOptions;
    const used = new Set<string>();
    // Then esbuild makes a require of it: an import() would start Node's loader of ES modules just for this.
    initialOptions.supported = { ...initialOptions.supported, 'dynamic-import': false };

    onStart(() => used.clear());

    onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path, kind, importer }) => {
      const entry = LAZY.get(path);
      if (kind !== 'dynamic-import' || entry === undefined) {
        return { errors: [{ text: `${importer} must load ${path} by import(), and infra/bundle must know of it` }] };
      }
      used.add(entry);
      return { path: `./${fileOf(entry)}`, external: true };
    });

    onEnd(async () => {
      for (const entry of used) {
        const { plugins, entryPoints, stdin, outdir: _, ...options } = initialOptions;
        await esbuild.build({ ...options, entryPoints: [entry], outfile: join(outdir ?? '', fileOf(entry)), plugins: [slimDependencies] });
      }
    });
  },
};

/** `.cjs`, as only the handler's own file must end in `.js`. */
const fileOf = (entry: string): string => basename(entry).replace(/\.ts$/, '.cjs');
