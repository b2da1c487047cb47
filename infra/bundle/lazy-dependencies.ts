import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { slimDependencies } from './slim-dependencies.ts';

interface LazyPackage {
  /** The file that says what of it is used. */
  entry: string;
  /** The variables, at the time of the build, by which a deployment uses it. */
  when(environment: Readonly<Record<string, string | undefined>>): boolean;
}

const isMskIam = (mechanism: string | undefined): boolean => mechanism?.toUpperCase() === 'AWS_MSK_IAM';

const schemas = join(import.meta.dirname, '../../lib/schemas');
const hasRegistry: LazyPackage['when'] = ({ SCHEMA_REGISTRY_URL }) => Boolean(SCHEMA_REGISTRY_URL);

/** Packages that are imported by `import()`. Zips are for their deployment: IAM, or callers' own credentials, take the place of a secret. */
const LAZY = new Map<string, LazyPackage>([
  [
    '@aws-sdk/client-secrets-manager',
    {
      entry: join(import.meta.dirname, 'secrets-manager.ts'),
      when: ({ KAFKA_SASL_MECHANISM, KAFKA_SECRET_ID, GATEWAY_AUTH, GATEWAY_USERS_SECRET_ID }) =>
        Boolean(GATEWAY_USERS_SECRET_ID || KAFKA_SECRET_ID) || (!isMskIam(KAFKA_SASL_MECHANISM) && GATEWAY_AUTH !== 'passthrough'),
    },
  ],
  [
    'aws-msk-iam-sasl-signer-js',
    { entry: join(import.meta.dirname, 'msk-iam.ts'), when: ({ KAFKA_SASL_MECHANISM }) => isMskIam(KAFKA_SASL_MECHANISM) },
  ],
  [
    '@aws-sdk/client-sts',
    {
      entry: join(import.meta.dirname, 'assume-role.ts'),
      when: ({ KAFKA_SASL_MECHANISM, KAFKA_MSK_ROLE_ARN }) => isMskIam(KAFKA_SASL_MECHANISM) && Boolean(KAFKA_MSK_ROLE_ARN),
    },
  ],
  [
    '@aws-sdk/client-dynamodb',
    {
      entry: join(import.meta.dirname, 'dynamodb.ts'),
      when: ({ GATEWAY_LIMITS, GATEWAY_IDEMPOTENCY }) => Boolean(GATEWAY_LIMITS || GATEWAY_IDEMPOTENCY),
    },
  ],
  // What packages they stand for is in them.
  ['./json-schema/ajv.ts', { entry: join(schemas, 'json-schema/ajv.ts'), when: hasRegistry }],
  ['./protobuf/bufbuild.ts', { entry: join(schemas, 'protobuf/bufbuild.ts'), when: hasRegistry }],
]);
const PACKAGES = /^(?:@aws-sdk\/client-|aws-msk-iam-sasl-signer-js$|\.\/json-schema\/ajv\.ts$|\.\/protobuf\/bufbuild\.ts$)/;
const NOT_PACKAGED = 'not-packaged';

/** Modules of our own that are imported by `import()`: in the bundle where a deployment uses them, as they share their types with the rest. */
const OPTIONAL = new Map<string, LazyPackage['when']>([
  ['./once-for-key.ts', ({ GATEWAY_IDEMPOTENCY }) => Boolean(GATEWAY_IDEMPOTENCY)],
  ['../schemas/encode-records.ts', hasRegistry],
  ['../schemas/encode-entries.ts', hasRegistry],
  ['./counted-use.ts', ({ GATEWAY_LIMITS }) => Boolean(GATEWAY_LIMITS)],
]);
const OWN_MODULE = /^\.{1,2}\/(?:\w+\/)?[\w-]+\.ts$/;

/**
 * An esbuild plugin that puts a package which a function loads only on some paths into a file of its own beside the bundle: a start
 * without it reads half as much, and esbuild can leave out the unused parts of it, which it cannot for an `import()` in one file.
 * The build fails when such a package is imported statically. What a deployment does not use is left out.
 */
export const lazyDependencies: Plugin = {
  name: 'lazy-dependencies',
  setup({ initialOptions, esbuild, onStart, onResolve, onLoad, onEnd }) {
    const { outdir } = initialOptions;
    const used = new Set<string>();
    // Then esbuild makes a require of it: an import() would start Node's loader of ES modules just for this.
    initialOptions.supported = { ...initialOptions.supported, 'dynamic-import': false };

    onStart(() => used.clear());

    onResolve({ filter: PACKAGES }, ({ path, kind, importer }) => {
      const lazy = LAZY.get(path);
      if (kind !== 'dynamic-import' || lazy === undefined) {
        return { errors: [{ text: `${importer} must load ${path} by import(), and infra/bundle must know of it` }] };
      }
      if (!lazy.when(process.env)) return { path, namespace: NOT_PACKAGED };
      used.add(lazy.entry);
      return { path: `./${fileOf(lazy.entry)}`, external: true };
    });

    onResolve({ filter: OWN_MODULE }, ({ path, kind }) => {
      const isUsed = OPTIONAL.get(path);
      return kind !== 'dynamic-import' || isUsed === undefined || isUsed(process.env) ? undefined : { path, namespace: NOT_PACKAGED };
    });

    onLoad({ filter: /.*/, namespace: NOT_PACKAGED }, ({ path }) => ({
      contents: `throw new Error("${path} is not in this zip: deploy with the variables that the functions are to have");`,
    }));

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
