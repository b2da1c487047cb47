import { type LogLevel, log, setLogLevel } from '../telemetry/log.ts';
import { type AccessConfig, readAccess } from './access.ts';
import { type Environment, EnvironmentReader } from './environment-reader.ts';
import { type AuthenticationConfig, readAuthentication } from './kafka-authentication.ts';

/** What all functions are configured with, read from the environment once and checked. */
export interface Config {
  kafka: AuthenticationConfig & {
    /** `host:port` each. */
    bootstrapServers: string[];
    tls: boolean;
    /** PEM certificates of a private CA; null for the public ones. */
    ca: string | null;
    clientId: string;
    maxIdleMs: number;
    metadataMaxAgeMs: number;
  };
  access: AccessConfig;
  /** How many clients of callers are kept, where Kafka gets their own credentials. */
  maxClients: number;
  /** Upper limit of a request's body, inflated. */
  maxBodyBytes: number;
  /** How long, and in which table of DynamoDB, requests with an `Idempotency-Key` are remembered; null when such a key is not taken. */
  idempotency: { lifetimeMs: number; table: string } | null;
  /** Addresses of one schema registry; null where formats with schemas are not served. @see readSchemaRegistry for the rest */
  schemaRegistry: string[] | null;
  /** The limits per client, as text that `lib/limits` reads, and what becomes of requests when they cannot be counted; null without any. */
  limits: { rules: string; table: string; onFailure: 'allow' | 'deny' } | null;
}

let current: Config | undefined;

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
// At once, as requests that need no configuration are logged too; a level that is none is reported with the rest.
setLogLevel(logLevels.find((level) => level === process.env.GATEWAY_LOG_LEVEL?.trim().toLowerCase()) ?? 'info');

if (process.env.GATEWAY_AUTH?.trim().toLowerCase() === 'none') {
  log.warn('authentication_off', 'GATEWAY_AUTH is none: the gateway is open to everyone who can reach it');
}

/**
 * The configuration of this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}

/** Reads and checks a configuration. All problems are reported at once. */
export function readConfig(environment: Environment): Config {
  const reader = new EnvironmentReader(environment);
  const access = readAccess(reader);
  const protocol = reader.oneOf('KAFKA_SECURITY_PROTOCOL', ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], 'PLAINTEXT');
  const bootstrapServers = reader.bootstrapServers('KAFKA_BOOTSTRAP_SERVERS');
  const read: Config = {
    kafka: {
      bootstrapServers,
      tls: protocol.endsWith('SSL'),
      ca: reader.certificates('KAFKA_SSL_CA'),
      ...readAuthentication(reader, protocol, bootstrapServers, access.modes),
      clientId: reader.text('KAFKA_CLIENT_ID') ?? 'kafka-http-gateway',
      // Below the 350 s of AWS's NAT gateways and load balancers, the 4 min of Azure's, the 10 min of brokers.
      maxIdleMs: reader.integer('KAFKA_MAX_IDLE_MS', 180_000),
      metadataMaxAgeMs: reader.integer('KAFKA_METADATA_MAX_AGE_MS', 300_000),
    },
    access,
    maxClients: reader.integer('GATEWAY_MAX_CLIENTS', 50),
    maxBodyBytes: reader.integer('GATEWAY_MAX_BODY_BYTES', 6 * 1024 * 1024),
    idempotency: readIdempotency(reader),
    schemaRegistry: reader.urls('SCHEMA_REGISTRY_URL'),
    limits: readLimits(reader),
  };
  reader.oneOf('GATEWAY_LOG_LEVEL', logLevels, 'info');
  reader.throwProblems();
  return read;
}

function readIdempotency(reader: EnvironmentReader): Config['idempotency'] {
  const lifetimeMs = reader.duration('GATEWAY_IDEMPOTENCY', { min: '1m', max: '365d' });
  return lifetimeMs === null ? null : { lifetimeMs, table: readTable(reader, 'GATEWAY_IDEMPOTENCY') };
}

function readLimits(reader: EnvironmentReader): Config['limits'] {
  const rules = reader.text('GATEWAY_LIMITS');
  const onFailure = reader.oneOf('GATEWAY_LIMITS_ON_FAILURE', ['allow', 'deny'], 'allow');
  return rules === null ? null : { rules, table: readTable(reader, 'GATEWAY_LIMITS'), onFailure };
}

/** The DynamoDB table for what all instances of the functions must agree on. */
const readTable = (reader: EnvironmentReader, user: string): string =>
  reader.text('GATEWAY_TABLE') ?? reader.problem(`${user} needs GATEWAY_TABLE`, '');
