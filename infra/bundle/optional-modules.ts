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
 * paths into files beside the bundle. It recognizes modules by their location, not by the spelling of an import. The build fails
 * - when an `.optional.ts` or a client of the AWS SDK is imported that is not in the table,
 * - when a module of the table is imported statically although `import()` must load it,
 * - when no function imports a module of the table: it was probably moved, and its code is now in all zips.
 */
export const optionalModulesOf = (table: ReadonlyMap<string, Optional>): Plugin => ({
  name: 'optional-modules',
  setup({ initialOptions, esbuild, onStart, onResolve, onLoad, onEnd }) {
    const { outdir } = initialOptions;
    const used = new Set<string>();
    // esbuild then writes require(): an import() would start Node's loader of ES modules just for this.
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
      // Optional modules may import other optional ones.
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

/** The packages of the table, and all clients of the AWS SDK, in the table or not. */
const packagesOf = (table: ReadonlyMap<string, Optional>): RegExp =>
  new RegExp(['^@aws-sdk/client-', ...[...table.keys()].filter((key) => !OWN_MODULE.test(key)).map((name) => `^${name}$`)].join('|'));

/** `.cjs`, because only the handler's own file may end in `.js`. */
const fileOf = (entry: string): string => basename(entry).replace(/(?:\.optional)?\.ts$/, '.cjs');

/** A package's name, or a module's path in the repository. */
const nameOf = (key: string): string => (key.startsWith('/') ? relative(repository, key) : key);
