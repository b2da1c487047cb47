import type { Plugin } from 'esbuild';

interface OptionalModule {
  /** Path of the module, by its end. */
  file: RegExp;
  /** The class that it exports. */
  name: string;
  /** The variables, at the time of the build, by which a deployment uses it. */
  when(environment: Readonly<Record<string, string | undefined>>): boolean;
}

/** Modules that only some deployments use. Zips are for their deployment. */
const OPTIONAL: OptionalModule[] = [
  { file: /[\\/]caller-clusters\.ts$/, name: 'CallerClusters', when: ({ GATEWAY_AUTH }) => GATEWAY_AUTH === 'passthrough' },
];
const NOT_PACKAGED = 'optional-module';

/** An esbuild plugin that leaves such modules, and what only they import, out of the bundles of other deployments. */
export const optionalModules: Plugin = {
  name: 'optional-modules',
  setup({ onResolve, onLoad }) {
    for (const { file, name, when } of OPTIONAL) {
      onResolve({ filter: file }, () => (when(process.env) ? undefined : { path: name, namespace: NOT_PACKAGED }));
    }

    onLoad({ filter: /.*/, namespace: NOT_PACKAGED }, ({ path }) => {
      const message = `${path} is not in this zip: deploy with the variables that the functions are to have`;
      return { contents: `export class ${path} { constructor() { throw new Error(${JSON.stringify(message)}); } }` };
    });
  },
};
