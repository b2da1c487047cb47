import { basename, relative, resolve } from 'node:path';
import type { OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { OPTIONAL, type Optional } from './optional-table.ts';
import { slimDependencies } from './slim-dependencies.ts';
import { unimported } from './unimported.ts';

const OWN_MODULE = /\.optional\.ts$/;
const NOT_PACKAGED = 'not-packaged';
const repository = resolve(import.meta.dirname, '../..');

/**
 * An esbuild plugin that leaves out of a bundle what its deployment does not use, and puts packages that a function loads only on some
 * paths into files of their own beside it. Modules are known by where they are, not by how an import is spelt. The build fails
 * - when an `.optional.ts` or a client of the AWS SDK is imported that the table does not have,
 * - when something of the table is imported statically that is to be loaded by `import()`,
 * - when no function imports something of the table: it was moved, and its code is in all zips.
 */
export const optionalModulesOf = (table: ReadonlyMap<string, Optional>): Plugin => ({
  name: 'optional-modules',
  setup({ initialOptions, esbuild, onStart, onResolve, onLoad, onEnd }) {
    const { outdir } = initialOptions;
    const used = new Set<string>();
    // Then esbuild makes a require of it: an import() would start Node's loader of ES modules just for this.
    initialOptions.supported = { ...initialOptions.supported, 'dynamic-import': false };

    onStart(async () => {
      used.clear();
      const keys = await unimported(table);
      return {
        errors: keys.map((key) => ({ text: `no function imports ${nameOf(key)}: move or remove it in infra/bundle/optional-table.ts` })),
      };
    });

    onResolve({ filter: OWN_MODULE }, (args) => resolved(resolve(args.resolveDir, args.path), args));
    onResolve({ filter: packagesOf(table) }, (args) => resolved(args.path, args));

    function resolved(key: string, { kind, importer }: OnResolveArgs): OnResolveResult | undefined {
      const optional = table.get(key);
      // What is optional may rest on what else is.
      const mayImport = kind === 'dynamic-import' || optional?.classes !== undefined || OWN_MODULE.test(importer);
      if (optional === undefined || !mayImport) {
        return { errors: [{ text: `${importer} must load ${nameOf(key)} by import(), and infra/bundle must know of it` }] };
      }
      if (!optional.when(process.env)) return { path: key, namespace: NOT_PACKAGED };
      if (optional.beside === undefined) return undefined;
      used.add(optional.beside);
      return { path: `./${fileOf(optional.beside)}`, external: true };
    }

    onLoad({ filter: /.*/, namespace: NOT_PACKAGED }, ({ path }) => {
      const { classes } = table.get(path) ?? {};
      const refusal = (name: string) =>
        `throw new Error(${JSON.stringify(`${name} is not in this zip: deploy with the variables that the functions are to have`)});`;
      return {
        contents: classes?.map((name) => `export class ${name} { constructor() { ${refusal(name)} } }`).join('\n') ?? refusal(nameOf(path)),
      };
    });

    onEnd(async () => {
      for (const entry of used) {
        const { plugins, entryPoints, stdin, outdir: _, ...options } = initialOptions;
        await esbuild.build({
          ...options,
          entryPoints: [entry],
          outfile: resolve(outdir ?? '', fileOf(entry)),
          plugins: [slimDependencies],
        });
      }
    });
  },
});

export const optionalModules = optionalModulesOf(OPTIONAL);

/** The packages of the table, and clients of the AWS SDK whether they are there or not. */
const packagesOf = (table: ReadonlyMap<string, Optional>): RegExp =>
  new RegExp(['^@aws-sdk/client-', ...[...table.keys()].filter((key) => !OWN_MODULE.test(key)).map((name) => `^${name}$`)].join('|'));

/** `.cjs`, as only the handler's own file must end in `.js`. */
const fileOf = (entry: string): string => basename(entry).replace(/(?:\.optional)?\.ts$/, '.cjs');

/** A package by its name, a module by its path in the repository. */
const nameOf = (key: string): string => (key.startsWith('/') ? relative(repository, key) : key);
