import { X509Certificate } from 'node:crypto';
import { GatewayError } from './errors.ts';
import { isMechanism, type Mechanism } from './kafka/authentication/mechanisms.ts';
import { type LogLevel, setLogLevel } from './log.ts';
import { type KeyPath, parseKeyPath } from './records/key-path.ts';

/** Where the user name and password for SASL come from. */
export type CredentialsConfig = { username: string; password: string } | { secretId: string; region: string | null };

export interface SaslConfig {
  mechanism: Mechanism;
  credentials: CredentialsConfig;
}

/** The gateway's whole configuration, read from the environment once and checked. */
export interface Config {
  kafka: {
    /** `host:port` each. */
    bootstrapServers: string[];
    tls: boolean;
    /** PEM certificates of a private CA; null for the public ones. */
    ca: string | null;
    sasl: SaslConfig | null;
    clientId: string;
    maxIdleMs: number;
    metadataMaxAgeMs: number;
  };
  /** Upper limit of a request's body, inflated. */
  maxBodyBytes: number;
  /** Prefix of the request headers that a raw body takes key, partition, topic and record headers from. */
  headerPrefix: string;
  /** Path of the field that is the key of a raw JSON body, unless the request says so itself. */
  keyPath: KeyPath | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

let current: Config | undefined;

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
// At once, as requests that need no configuration are logged too; a level that is none is reported with the rest.
setLogLevel(logLevels.find((level) => level === process.env.GATEWAY_LOG_LEVEL?.trim().toLowerCase()) ?? 'info');

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
  const protocol = reader.oneOf('KAFKA_SECURITY_PROTOCOL', ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], 'PLAINTEXT');
  const read: Config = {
    kafka: {
      bootstrapServers: reader.bootstrapServers('KAFKA_BOOTSTRAP_SERVERS'),
      tls: protocol.endsWith('SSL'),
      ca: reader.certificates('KAFKA_SSL_CA'),
      sasl: protocol.startsWith('SASL') ? reader.sasl() : null,
      clientId: reader.text('KAFKA_CLIENT_ID') ?? 'kafka-http-gateway',
      // Below the 350 s of AWS's NAT gateways and load balancers, the 4 min of Azure's, the 10 min of brokers.
      maxIdleMs: reader.integer('KAFKA_MAX_IDLE_MS', 180_000),
      metadataMaxAgeMs: reader.integer('KAFKA_METADATA_MAX_AGE_MS', 300_000),
    },
    maxBodyBytes: reader.integer('GATEWAY_MAX_BODY_BYTES', 6 * 1024 * 1024),
    headerPrefix: reader.headerPrefix('GATEWAY_HEADER_PREFIX', 'kafka-'),
    keyPath: reader.keyPath('GATEWAY_KEY_PATH'),
  };
  reader.oneOf('GATEWAY_LOG_LEVEL', logLevels, 'info');
  reader.throwProblems();
  return read;
}

/** Reads variables and collects what is wrong with them. Messages name variables, never their values. */
class EnvironmentReader {
  readonly #environment: Environment;
  readonly #problems: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  throwProblems(): void {
    if (this.#problems.length === 0) return;
    throw new GatewayError('InternalError', 'The gateway is not configured: its log says what to set.', {
      cause: new Error(`Configuration: ${this.#problems.join('; ')}`),
    });
  }

  /** Null when it is not set, or set to nothing. */
  text(name: string): string | null {
    return this.#environment[name]?.trim() || null;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const text = this.text(name);
    if (text === null) return otherwise;
    return (
      choices.find((choice) => choice.toLowerCase() === text.toLowerCase()) ??
      this.#problem(`${name} must be one of ${choices.join(', ')}`, otherwise)
    );
  }

  integer(name: string, otherwise: number): number {
    const text = this.text(name);
    if (text === null) return otherwise;
    return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : this.#problem(`${name} must be a whole number above 0`, otherwise);
  }

  bootstrapServers(name: string): string[] {
    const servers = (this.text(name) ?? '').split(',').map((server) => server.trim());
    const wellFormed = servers.every((server) => {
      const [, port] = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]/]+):(\d{1,5})$/.exec(server) ?? [];
      return Number(port) >= 1 && Number(port) <= 65_535;
    });
    return wellFormed ? servers : this.#problem(`${name} must be host:port, several separated by commas`, []);
  }

  headerPrefix(name: string, otherwise: string): string {
    const prefix = this.#environment[name]?.trim().toLowerCase() ?? otherwise;
    return /^[\w!#$%&'*+.^`|~-]*$/.test(prefix) ? prefix : this.#problem(`${name} must be what a header's name can begin with`, otherwise);
  }

  keyPath(name: string): KeyPath | null {
    const path = this.text(name);
    try {
      return path === null ? null : parseKeyPath(path);
    } catch (error) {
      return this.#problem(`${name}: ${error instanceof Error ? error.message : error}`, null);
    }
  }

  certificates(name: string): string | null {
    const text = this.text(name)?.replaceAll('\\n', '\n') ?? null;
    if (text === null) return null;
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    try {
      // Node takes a CA that is none without a word.
      for (const pem of certificates) new X509Certificate(pem);
    } catch {
      certificates.length = 0;
    }
    return certificates.length > 0 ? text : this.#problem(`${name} must hold PEM certificates`, null);
  }

  sasl(): SaslConfig | null {
    const mechanism = this.text('KAFKA_SASL_MECHANISM')?.toUpperCase() ?? '';
    const credentials = this.#credentials();
    if (!isMechanism(mechanism)) return this.#problem('KAFKA_SASL_MECHANISM must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512', null);
    return credentials && { mechanism, credentials };
  }

  #credentials(): CredentialsConfig | null {
    const secretId = this.text('KAFKA_SECRET_ID');
    if (secretId !== null) return { secretId, region: this.text('KAFKA_SECRET_REGION') };
    const username = this.text('KAFKA_SASL_USERNAME');
    const password = this.#environment.KAFKA_SASL_PASSWORD;
    if (username !== null && password) return { username, password };
    return this.#problem('set KAFKA_SECRET_ID, or KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD', null);
  }

  #problem<T>(problem: string, instead: T): T {
    this.#problems.push(problem);
    return instead;
  }
}
