import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** A package, or a module of our own, that only some deployments use. Zips are for their deployment. */
export interface Optional {
  /** True for the variables, at the time of the build, of a deployment that uses it. */
  when(environment: Environment): boolean;
  /**
   * The file that becomes one of its own beside the bundle: a start without it reads half as much, and esbuild can leave out what is not
   * used of a package, which it cannot for an `import()` in one file. Unset for a module that shares types with the rest: it is in the
   * bundle.
   */
  beside?: string;
  /** The classes that a module exports which is imported statically. In other zips they are there, and throw when one is made. */
  classes?: readonly string[];
}

const lib = join(import.meta.dirname, '../../lib');
const besideThis = (file: string): string => join(import.meta.dirname, file);

const isMskIam = (mechanism: string | undefined): boolean => mechanism?.toUpperCase() === 'AWS_MSK_IAM';
const hasRegistry = ({ SCHEMA_REGISTRY_URL }: Environment): boolean => Boolean(SCHEMA_REGISTRY_URL);

/** Each by the name of its package, or the absolute path of its module, which ends in `.optional.ts`. */
export const OPTIONAL: ReadonlyMap<string, Optional> = new Map<string, Optional>([
  [
    '@aws-sdk/client-secrets-manager',
    {
      beside: besideThis('secrets-manager.ts'),
      // IAM, or callers' own credentials, take the place of a secret.
      when: ({ KAFKA_SASL_MECHANISM, KAFKA_SECRET_ID, GATEWAY_AUTH, GATEWAY_USERS_SECRET_ID, GATEWAY_PUSH }) =>
        Boolean(GATEWAY_USERS_SECRET_ID || KAFKA_SECRET_ID || GATEWAY_PUSH) ||
        (!isMskIam(KAFKA_SASL_MECHANISM) && GATEWAY_AUTH !== 'passthrough'),
    },
  ],
  ['aws-msk-iam-sasl-signer-js', { beside: besideThis('msk-iam.ts'), when: ({ KAFKA_SASL_MECHANISM }) => isMskIam(KAFKA_SASL_MECHANISM) }],
  [
    '@aws-sdk/client-sts',
    {
      beside: besideThis('assume-role.ts'),
      when: ({ KAFKA_SASL_MECHANISM, KAFKA_MSK_ROLE_ARN }) => isMskIam(KAFKA_SASL_MECHANISM) && Boolean(KAFKA_MSK_ROLE_ARN),
    },
  ],
  [
    '@aws-sdk/client-dynamodb',
    {
      beside: besideThis('dynamodb.ts'),
      when: ({ GATEWAY_LIMITS, GATEWAY_IDEMPOTENCY, GATEWAY_PUSH, GATEWAY_CONSUMERS, GATEWAY_SOCKET_READERS }) =>
        Boolean(GATEWAY_LIMITS || GATEWAY_IDEMPOTENCY || GATEWAY_PUSH || GATEWAY_SOCKET_READERS) ||
        GATEWAY_CONSUMERS?.toLowerCase() === 'dynamodb',
    },
  ],
  // With the packages that they stand for in them.
  ...['schemas/json-schema/metaschemas.optional.ts', 'schemas/protobuf/bufbuild.optional.ts'].map((file): [string, Optional] => [
    join(lib, file),
    { beside: join(lib, file), when: hasRegistry },
  ]),
  [join(lib, 'routes/schemas/encode-records.optional.ts'), { when: hasRegistry }],
  [join(lib, 'routes/schemas/encode-entries.optional.ts'), { when: hasRegistry }],
  [join(lib, 'routes/schemas/shown-formats.optional.ts'), { when: hasRegistry }],
  [join(lib, 'admission/idempotency-key.optional.ts'), { when: ({ GATEWAY_IDEMPOTENCY }) => Boolean(GATEWAY_IDEMPOTENCY) }],
  [
    join(lib, 'telemetry/otlp.optional.ts'),
    { beside: join(lib, 'telemetry/otlp.optional.ts'), when: ({ GATEWAY_TRACING }) => GATEWAY_TRACING?.toLowerCase() === 'otlp' },
  ],
  [
    join(lib, 'config/document-source.optional.ts'),
    { beside: join(lib, 'config/document-source.optional.ts'), when: ({ GATEWAY_CONFIG_PARAMETER }) => Boolean(GATEWAY_CONFIG_PARAMETER) },
  ],
  [
    join(lib, 'consumers/stored-coordinator.optional.ts'),
    { when: ({ GATEWAY_CONSUMERS }) => GATEWAY_CONSUMERS?.toLowerCase() === 'dynamodb' },
  ],
  [join(lib, 'sockets/stored-subscriptions.optional.ts'), { when: ({ GATEWAY_SOCKET_READERS }) => Boolean(GATEWAY_SOCKET_READERS) }],
  [join(lib, 'admission/limiter.optional.ts'), { when: ({ GATEWAY_LIMITS }) => Boolean(GATEWAY_LIMITS) }],
  [
    join(lib, 'clusters/caller-clusters.optional.ts'),
    { classes: ['CallerClusters'], when: ({ GATEWAY_AUTH }) => GATEWAY_AUTH === 'passthrough' },
  ],
]);
