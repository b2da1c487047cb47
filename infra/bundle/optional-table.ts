import { join } from 'node:path';
import { isWord } from '../../lib/config/environment-reader.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A package or module that only some deployments use. Zips are built for one deployment. */
export interface Optional {
  /** Whether a deployment uses it, by its variables at the time of the build. */
  when(environment: Environment): boolean;
  /**
   * The entry point of a separate file beside the bundle. A start without it reads half as much, and esbuild can remove unused parts of a
   * package, which it cannot do for an `import()` within one file. Unset for a module that shares types with the rest: it stays in the
   * bundle.
   */
  beside?: string;
  /** For a module that is imported statically: the classes that it exports. In other zips, their constructors throw. */
  classes?: readonly string[];
}

const lib = join(import.meta.dirname, '../../lib');
const besideThis = (file: string): string => join(import.meta.dirname, file);

const isMskIam = (mechanism: string | undefined): boolean => isWord(mechanism, 'AWS_MSK_IAM');
const assumesRole = ({ KAFKA_SASL_MECHANISM, KAFKA_MSK_ROLE_ARN }: Environment): boolean =>
  isMskIam(KAFKA_SASL_MECHANISM) && Boolean(KAFKA_MSK_ROLE_ARN);
const hasRegistry = ({ SCHEMA_REGISTRY_URL }: Environment): boolean => Boolean(SCHEMA_REGISTRY_URL);

/** By the name of the package, or the absolute path of the module, which ends in `.optional.ts`. */
export const OPTIONAL: ReadonlyMap<string, Optional> = new Map<string, Optional>([
  [
    '@aws-sdk/client-secrets-manager',
    {
      beside: besideThis('secrets-manager.ts'),
      // IAM and callers' own credentials need no secret.
      when: ({ KAFKA_SASL_MECHANISM, KAFKA_SECRET_ID, GATEWAY_AUTH, GATEWAY_USERS_SECRET_ID, GATEWAY_PUSH }) =>
        Boolean(GATEWAY_USERS_SECRET_ID || KAFKA_SECRET_ID || GATEWAY_PUSH) ||
        (!isMskIam(KAFKA_SASL_MECHANISM) && !isWord(GATEWAY_AUTH, 'passthrough')),
    },
  ],
  ['aws-msk-iam-sasl-signer-js', { beside: besideThis('msk-iam.ts'), when: ({ KAFKA_SASL_MECHANISM }) => isMskIam(KAFKA_SASL_MECHANISM) }],
  [
    '@aws-sdk/client-sts',
    {
      beside: besideThis('assume-role.ts'),
      when: assumesRole,
    },
  ],
  [join(lib, 'kafka/connection/authentication/assumed-role.optional.ts'), { classes: ['AssumedRole'], when: assumesRole }],
  [
    '@aws-sdk/client-dynamodb',
    {
      beside: besideThis('dynamodb.ts'),
      when: ({ GATEWAY_LIMITS, GATEWAY_IDEMPOTENCY, GATEWAY_PUSH, GATEWAY_CONSUMERS, GATEWAY_SOCKET_READERS }) =>
        Boolean(GATEWAY_LIMITS || GATEWAY_IDEMPOTENCY || GATEWAY_PUSH || GATEWAY_SOCKET_READERS) || isWord(GATEWAY_CONSUMERS, 'dynamodb'),
    },
  ],
  // With the packages that they import.
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
    { beside: join(lib, 'telemetry/otlp.optional.ts'), when: ({ GATEWAY_TRACING }) => isWord(GATEWAY_TRACING, 'otlp') },
  ],
  [
    join(lib, 'config/document-source.optional.ts'),
    { beside: join(lib, 'config/document-source.optional.ts'), when: ({ GATEWAY_CONFIG_PARAMETER }) => Boolean(GATEWAY_CONFIG_PARAMETER) },
  ],
  [join(lib, 'consumers/stored-coordinator.optional.ts'), { when: ({ GATEWAY_CONSUMERS }) => isWord(GATEWAY_CONSUMERS, 'dynamodb') }],
  [join(lib, 'sockets/stored-subscriptions.optional.ts'), { when: ({ GATEWAY_SOCKET_READERS }) => Boolean(GATEWAY_SOCKET_READERS) }],
  [join(lib, 'admission/limiter.optional.ts'), { when: ({ GATEWAY_LIMITS }) => Boolean(GATEWAY_LIMITS) }],
  [
    join(lib, 'clusters/caller-clusters.optional.ts'),
    { classes: ['CallerClusters'], when: ({ GATEWAY_AUTH }) => isWord(GATEWAY_AUTH, 'passthrough') },
  ],
  [
    join(lib, 'routes/read/claimed-records.optional.ts'),
    {
      classes: ['ClaimedRecords'],
      // A document of variables may set row filters while the functions run.
      when: ({ GATEWAY_ROW_FILTERS, GATEWAY_CONFIG_PARAMETER }) => Boolean(GATEWAY_ROW_FILTERS || GATEWAY_CONFIG_PARAMETER),
    },
  ],
]);
