import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Metafile, OnLoadResult, PartialMessage, Plugin } from 'esbuild';

/** The requests that kafkajs itself sends here, for authentication. lib/kafka/protocol has all others. */
const KAFKAJS_REQUESTS = ['./saslHandshake', './saslAuthenticate'];
const REQUEST_TABLE = /kafkajs[\\/]src[\\/]protocol[\\/]requests[\\/]index\.js$/;
/** The lines that name a request that is left out. */
const OTHER_REQUEST = /^ {2}\w+: (?:noImplementedRequestDefinitions|require\('\.\/(?!saslHandshake'|saslAuthenticate')\w+'\)),/gm;
const REQUEST_KEYS = /kafkajs[\\/]src[\\/]protocol[\\/]requests[\\/]apiKeys\.js$/;
const OTHER_KEY = /^ {2}(?!ApiVersions|SaslHandshake|SaslAuthenticate|Fetch:)\w+: \d+,/gm;
/** The only part of kafkajs that may look up requests, because it needs only those above. */
const AUTHENTICATOR = /kafkajs[\\/]src[\\/]broker[\\/]saslAuthenticator[\\/]index\.js$/;
/** kafkajs's mechanisms that lib/kafka/connection/authentication replaces or does not support. */
const OWN_MECHANISMS = ['./oauthBearer', './awsIam', './scram256', './scram512'];
/** lib/kafka/connection/below-kafkajs.ts replaces kafkajs's request queue as soon as kafkajs has constructed one. */
const CONNECTION = /kafkajs[\\/]src[\\/]network[\\/]connection\.js$/;
const QUEUE = './requestQueue';
/** How kafkajs constructs it. */
const QUEUE_MADE = /^ {4}this\.requestQueue = new RequestQueue\(\{\n(?:.+\n)*? {4}\}\)\n/gm;
/** Its log calls; the gateway's logger ignores them. */
const LOG_LINE = /^( *)this\.log(?:Debug|Error)\((?:.*\)|.*\n(?:\1 .*\n)+\1\}\))\n/gm;
/** The code that prepares those log calls. */
const LOG =
  /^ {4}const log = level.*\n(?:.*\n)*?.*log\('error'\)\n|^ {4}const env = getEnv\(\)\n(?:.+\n)+|^ {6}const isBuffer = .*\n|^const getEnv = .*\n/gm;
/** Its check whether a session has expired; lib/kafka/connection does that itself. */
const SESSION_CHECK = /(?<=^ {2}\[PRIVATE\.SHOULD_REAUTHENTICATE\]\(\) \{\n)(?:.*\n)*?(?= {2}\}\n)/gm;
/** kafkajs's mechanism that the gateway uses, and its log calls. */
const MECHANISMS = /kafkajs[\\/]src[\\/]broker[\\/]saslAuthenticator[\\/]plain\.js$/;
const MECHANISM_LOG = /^ *(?:(?:this\.)?logger\.(?:debug|error)\(.*\)|const broker = .*)\n/gm;
const CONNECTION_UNUSED = new RegExp([QUEUE_MADE, LOG_LINE, LOG, SESSION_CHECK].map(({ source }) => source).join('|'), 'gm');
/** The Kafka error codes that these requests can return: mechanism, state, version, user. kafkajs has a text for every other code, too. */
const AUTHENTICATION_ERRORS = [33, 34, 35, 58];
const ERROR_TABLE = /kafkajs[\\/]src[\\/]protocol[\\/]error\.js$/;
/** A method; the group is its name. */
const METHOD = /^ {2}(?:static |async )?(\w+)\(.*\) \{\n(?:.*\n)*? {2}\}\n/gm;
/** A class, or a line of a module's exports; the group is its name. */
const CLASS = /^(?:class (\w+) extends .*\{(?:\}\n|\n(?:.*\n)*?\}\n)| {2}(\w+),\n)/gm;
/** The used parts of kafkajs's encoder, decoder, 64-bit numbers and errors. The rest is left out. */
const USED: readonly { file: RegExp; part: RegExp; names: ReadonlySet<string> }[] = [
  {
    file: /kafkajs[\\/]src[\\/]protocol[\\/](?:en|de)coder\.js$/,
    part: METHOD,
    names: new Set([
      ...['constructor', 'nextPowerOfTwo', 'ensureAvailable', 'writeBufferInternal', 'size'],
      ...['writeInt16', 'writeInt32', 'writeString', 'writeBytes', 'writeBuffer', 'writeEncoder'],
      ...['int32Size', 'canReadBytes', 'slice'],
      ...['readInt16', 'readInt32', 'readInt64', 'readString', 'readBytes', 'readArray', 'readAll'],
    ]),
  },
  {
    file: /kafkajs[\\/]src[\\/]utils[\\/]long\.js$/,
    part: METHOD,
    names: new Set(['constructor', 'isLong', 'fromInt', 'fromNumber', 'fromString', 'fromValue', 'toString']),
  },
  {
    file: /kafkajs[\\/]src[\\/]errors\.js$/,
    part: CLASS,
    names: new Set([
      ...['KafkaJSError', 'KafkaJSNonRetriableError', 'KafkaJSProtocolError', 'KafkaJSSASLAuthenticationError'],
      ...['KafkaJSConnectionError', 'KafkaJSConnectionClosedError', 'KafkaJSServerDoesNotSupportApiKey'],
    ]),
  },
];
const LEFT_OUT = 'left-out';
const LEFT_OUT_CLASS = 'left-out-class';
const LEFT_OUT_BINDINGS = 'left-out-bindings';
/** esbuild puts a namespace before the path of a module that replaces a file. */
const STAND_IN = /^[\w-]{2,}:/;

const CREDENTIALS = join(import.meta.dirname, 'environment-credentials.ts');

/** AWS SDK: the methods for event streams. No operation that the gateway uses has one. */
const PROTOCOL = /@smithy[\\/]core[\\/].*[\\/]HttpProtocol\.js$/;
const EVENT_STREAM_METHOD = /^ {4}(?:async )?\w*EventStream\w*\(.*\) \{\n(?:.*\n)*? {4}\}\n/gm;

/** AWS SDK: bindings of REST protocols. No service that the gateway uses has one, but the XML of STS is read by the same module. */
const REST_BINDINGS = './HttpBindingNormalizedSchema';
const NO_REST_BINDINGS = `
  export const HttpBindingNormalizedSchema = undefined;
  export const getHttpOperationBindings = () => [];
`;

/** AWS SDK: SHA-256 in JavaScript, for a Node without its own. */
const SHA256 = /@smithy[\\/]core[\\/].*[\\/]Sha256Node\.js$/;
const SHA256_SCRIPT = './Sha256Js';

/** The signer for Amazon MSK: its own credential lookup. The gateway passes credentials to it. */
const SIGNER = /aws-msk-iam-sasl-signer-js[\\/]dist[\\/]/;
const SIGNER_UNUSED = /^@aws-sdk\/(?:credential-providers|client-sts)$/;

/**
 * AWS SDK: headers of event streams, the region from EC2's metadata, the rate limiter of AWS_RETRY_MODE=adaptive, names of S3 buckets, a
 * warning about old versions of Node, and which members of a request its log would hide. The SDK imports them statically, some only for an
 * object that nothing uses. Empty functions replace them.
 */
const SDK_UNUSED =
  /[\\/](?:@smithy|@aws-sdk)[\\/].*[\\/](?:HeaderFormatter|getInstanceMetadataRegion|AdaptiveRetryStrategy|service-customizations[\\/]s3|emitWarningIfUnsupportedVersion|schemaLogFilter)\.js$/;
/** AWS SDK: modules that do more than the gateway needs, each with the module that replaces it. */
const SDK_REPLACED: readonly { file: RegExp; contents: string }[] = [
  {
    // Configuration files in a home directory. Lambda has none; the environment has the whole configuration.
    file: /@smithy[\\/].*[\\/]loadSharedConfigFiles\.js$/,
    contents: `
      export const CONFIG_PREFIX_SEPARATOR = '.';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });
    `,
  },
  {
    // The traces of concurrent invocations. Here a process has one invocation at a time, whose trace is in the environment.
    file: /@aws[\\/]lambda-invoke-store[\\/].*\.js$/,
    contents: 'export const InvokeStore = { getInstanceAsync: async () => undefined };',
  },
  {
    // The log of requests. The gateway gives its clients no logger.
    file: /@aws-sdk[\\/]core[\\/].*[\\/]loggerMiddleware\.js$/,
    contents: `
      export const loggerMiddlewareOptions = {};
      export const loggerMiddleware = () => (next) => next;
      export const getLoggerPlugin = () => ({ applyToStack() {} });
    `,
  },
  {
    // The bytes of a request, with methods of strings for callers that took them for one. Nothing here does.
    file: /@smithy[\\/]core[\\/].*[\\/]JsonBytesStringAdapter\.js$/,
    contents: 'export const JsonBytesStringAdapter = Buffer;',
  },
  {
    // The extensions of a client. The gateway's clients have none, but the SDK also sets the handler's default time-out here.
    file: /@aws-sdk[\\/]client-[^\\/]+[\\/].*[\\/]runtimeExtensions\.js$/,
    contents: `
      import { getHttpHandlerExtensionConfiguration } from '@smithy/core/protocols';
      export const resolveRuntimeExtensions = (configuration) => {
        getHttpHandlerExtensionConfiguration(configuration);
        return configuration;
      };
    `,
  },
];
/** AWS SDK: descriptions of regions, for people. */
const PARTITIONS = /@aws-sdk[\\/]core[\\/].*[\\/]partitions\.js$/;
const DESCRIPTION = /"description": "[^"]*"/g;

/** Files that a bundle must not contain, by path. */
const UNUSED = [
  /kafkajs[\\/]src[\\/]network[\\/]requestQueue[\\/]/,
  /kafkajs[\\/]src[\\/]protocol[\\/]requests[\\/](?!saslHandshake|saslAuthenticate)[^\\/]+[\\/]/,
  /@aws-sdk[\\/](?:credential-provider(?:s|-(?!env[\\/]))|nested-clients|token-providers)/,
  /@smithy[\\/]core[\\/].*[\\/]Sha256Js\.js$/,
  /@smithy[\\/](?:credential-provider|core[\\/].*[\\/]event-streams[\\/])/,
];

/** Pairs of files: a bundle with the first must also have the second, otherwise the replacement no longer works. */
const PAIRS = [
  [/kafkajs[\\/]src[\\/]network[\\/]connection\.js$/, REQUEST_TABLE],
  [/@aws-sdk[\\/]client-/, /infra[\\/]bundle[\\/]environment-credentials\.ts$/],
];

/**
 * An esbuild plugin that leaves out code that functions never run, more than half of their size. Of kafkajs: other requests with their
 * errors, parts of the encoder and decoder, and the request queue. Of the AWS SDK: event streams, its log, a second SHA-256, and all
 * credential sources but the environment. The build fails if some of that is in the bundle nevertheless or is imported, so that an update of
 * either library does not undo this unnoticed.
 */
export const slimDependencies: Plugin = {
  name: 'slim-dependencies',
  setup(build) {
    build.initialOptions.metafile = true;

    build.onResolve({ filter: /[\\/]protocol[\\/]requests(?:[\\/]index\.js)?$/ }, ({ path, importer }) => {
      if (AUTHENTICATOR.test(importer)) return undefined;
      return { errors: [{ text: `${path}: of kafkajs's requests, the bundle holds only those of its authentication` }] };
    });
    build.onResolve({ filter: /^\.\// }, ({ path, importer }) => {
      if (CONNECTION.test(importer) && path === QUEUE) return { path, namespace: LEFT_OUT_CLASS };
      if (PROTOCOL.test(importer) && path === REST_BINDINGS) return { path, namespace: LEFT_OUT_BINDINGS };
      if (SHA256.test(importer) && path === SHA256_SCRIPT) return { path, namespace: LEFT_OUT };
      if (AUTHENTICATOR.test(importer) && OWN_MECHANISMS.includes(path)) return { path, namespace: LEFT_OUT };
      if (!REQUEST_TABLE.test(importer) || path === './apiKeys' || KAFKAJS_REQUESTS.includes(path)) return undefined;
      return { path, namespace: LEFT_OUT };
    });
    // Remove the names of the left-out requests, too.
    build.onLoad({ filter: REQUEST_TABLE }, ({ path }) => withoutLines(path, OTHER_REQUEST));
    build.onLoad({ filter: REQUEST_KEYS }, ({ path }) => withoutLines(path, OTHER_KEY));
    build.onLoad({ filter: CONNECTION }, ({ path }) => withoutLines(path, CONNECTION_UNUSED));
    build.onLoad({ filter: MECHANISMS }, ({ path }) => withoutLines(path, MECHANISM_LOG));
    for (const { file, part, names } of USED) {
      build.onLoad({ filter: file }, ({ path }) =>
        withoutLines(path, part, (found, ...groups) => (groups.some((name) => names.has(name)) ? found : '')),
      );
    }
    build.onResolve({ filter: SIGNER_UNUSED }, ({ path, importer }) => (SIGNER.test(importer) ? { path, namespace: LEFT_OUT } : undefined));
    build.onLoad({ filter: /.*/, namespace: LEFT_OUT }, () => ({ contents: 'module.exports = {};' }));
    build.onLoad({ filter: /.*/, namespace: LEFT_OUT_BINDINGS }, () => ({ contents: NO_REST_BINDINGS }));
    build.onLoad({ filter: /.*/, namespace: LEFT_OUT_CLASS }, () => ({ contents: 'module.exports = class {};' }));

    build.onLoad({ filter: ERROR_TABLE }, async ({ path }) => {
      const { errorCodes }: { errorCodes: { code: number }[] } = createRequire(path)(path);
      const kept = errorCodes.filter(({ code }) => AUTHENTICATION_ERRORS.includes(code));
      const source = await readFile(path, 'utf8');
      const contents = source.replace(/^const errorCodes = \[.*?^\]/ms, `const errorCodes = ${JSON.stringify(kept)}`);
      return contents === source || kept.length < AUTHENTICATION_ERRORS.length
        ? { errors: [{ text: `${path} does not have its codes where they were` }] }
        : { contents };
    });

    build.onLoad({ filter: SDK_UNUSED }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const names = Array.from(source.matchAll(/^export (?:const|class|(?:async )?function) (\w+)/gm), ([, name]) => name);
      return names.length === 0
        ? { errors: [{ text: `${path} exports nothing that an empty function could stand for` }] }
        : { contents: names.map((name) => `export function ${name}() { return []; }`).join('\n') };
    });
    for (const { file, contents } of SDK_REPLACED) {
      build.onLoad({ filter: file }, ({ path }) => ({ contents, resolveDir: dirname(path) }));
    }
    build.onLoad({ filter: PROTOCOL }, ({ path }) => withoutLines(path, EVENT_STREAM_METHOD));
    build.onLoad({ filter: PARTITIONS }, ({ path }) => withoutLines(path, DESCRIPTION));

    // Code only asks for a version, or for where to report bugs.
    build.onLoad({ filter: /package\.json$/ }, async ({ path }) => {
      const { name, version, bugs } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ name, version, bugs }), loader: 'json' };
    });

    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path: CREDENTIALS }));

    build.onEnd(({ metafile }) => ({ errors: metafile === undefined ? [] : mistakesOf(metafile) }));
  },
};

async function withoutLines(
  path: string,
  lines: RegExp,
  left: (found: string, ...groups: string[]) => string = () => '',
): Promise<OnLoadResult> {
  const source = await readFile(path, 'utf8');
  const contents = source.replace(lines, left);
  return contents === source ? { errors: [{ text: `${path} does not have its lines where they were` }] } : { contents };
}

function mistakesOf({ outputs }: Metafile): PartialMessage[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const files = inputs.filter((input) => !STAND_IN.test(input));
  const unused = files.filter((file) => UNUSED.some((pattern) => pattern.test(file)));
  const broken = PAIRS.filter(([from, to]) => files.some((file) => from.test(file)) && !files.some((file) => to.test(file)));

  return [
    ...unused.slice(0, 1).map((file) => ({ text: `the bundle holds ${unused.length} files that nothing here needs, such as ${file}` })),
    ...broken.map(([from, to]) => ({ text: `what matches ${from.source} no longer comes with ${to.source}` })),
  ];
}
