import { type ClientCertificate, checkCertificate } from '../kafka/connection/authentication/client-certificate.ts';
import type { UserCredentials } from '../kafka/connection/authentication/credentials.ts';
import { isPasswordMechanism, type PasswordMechanism } from '../kafka/connection/authentication/mechanisms.ts';
import { regionOf } from '../kafka/connection/authentication/msk-iam.ts';
import type { OAuthClient, TokenEndpoint } from '../kafka/connection/authentication/token-endpoint.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { type Passthrough, readExtensions, readPassthrough } from './passthrough.ts';

/** The gateway's own credentials for Kafka. Those that are null may be in the secret. */
export interface AuthenticationConfig {
  sasl: SaslConfig | null;
  /** The client certificate for brokers. */
  certificate: ClientCertificate | null;
  secret: { id: string; region: string | null } | null;
  /** The mechanisms for callers' own credentials, which the gateway uses instead of its own; null without passthrough. */
  passthrough: Passthrough | null;
}

export type SaslConfig =
  | { mechanism: PasswordMechanism; user: UserCredentials | null }
  | { mechanism: 'OAUTHBEARER'; extensions: Record<string, string>; endpoint: null; token: string | null }
  | { mechanism: 'OAUTHBEARER'; extensions: Record<string, string>; endpoint: TokenEndpoint; client: OAuthClient | null }
  | { mechanism: 'AWS_MSK_IAM'; region: string; roleArn: string | null };

const MECHANISMS = 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM';
const certificateNames = { cert: 'KAFKA_SSL_CERT', key: 'KAFKA_SSL_KEY', passphrase: 'KAFKA_SSL_KEY_PASSPHRASE' };

/** Reads the credentials that the protocol (KAFKA_SECURITY_PROTOCOL) and the callers' mode (GATEWAY_AUTH) need. */
export function readAuthentication(
  reader: EnvironmentReader,
  protocol: string,
  bootstrapServers: readonly string[],
  auth: readonly string[],
): AuthenticationConfig {
  const secretId = reader.text('KAFKA_SECRET_ID');
  const secret = secretId === null ? null : { id: secretId, region: reader.text('KAFKA_SECRET_REGION') };
  const passes = auth.includes('passthrough');
  return {
    sasl: passes ? null : readSasl(reader, protocol, bootstrapServers, secret !== null),
    certificate: readCertificate(reader, protocol),
    secret,
    passthrough: passes ? readPassthrough(reader, protocol) : null,
  };
}

function readSasl(reader: EnvironmentReader, protocol: string, bootstrapServers: readonly string[], hasSecret: boolean): SaslConfig | null {
  const mechanism = reader.text('KAFKA_SASL_MECHANISM')?.toUpperCase() ?? '';
  if (!protocol.startsWith('SASL')) {
    return mechanism === ''
      ? null
      : reader.problem('KAFKA_SASL_MECHANISM is set: KAFKA_SECURITY_PROTOCOL must be SASL_SSL or SASL_PLAINTEXT', null);
  }
  if (mechanism === 'OAUTHBEARER') return readOAuth(reader, hasSecret);
  if (mechanism === 'AWS_MSK_IAM') return readMskIam(reader, protocol, bootstrapServers);
  if (!isPasswordMechanism(mechanism)) return reader.problem(`KAFKA_SASL_MECHANISM must be one of ${MECHANISMS}`, null);
  if (hasSecret) return { mechanism, user: null };
  const username = reader.text('KAFKA_SASL_USERNAME');
  const password = reader.verbatim('KAFKA_SASL_PASSWORD');
  if (username !== null && password !== null) return { mechanism, user: { username, password } };
  return reader.problem('set KAFKA_SECRET_ID, or KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD', null);
}

function readOAuth(reader: EnvironmentReader, hasSecret: boolean): SaslConfig | null {
  const mechanism = 'OAUTHBEARER';
  const extensions = readExtensions(reader);
  const url = reader.url('KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL');
  const token = reader.text('KAFKA_SASL_OAUTHBEARER_TOKEN');
  if (url === null) {
    if (token === null && !hasSecret)
      return reader.problem('set KAFKA_SECRET_ID, KAFKA_SASL_OAUTHBEARER_TOKEN or KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL', null);
    return { mechanism, extensions, endpoint: null, token };
  }
  if (token !== null)
    return reader.problem('KAFKA_SASL_OAUTHBEARER_TOKEN and KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL exclude each other', null);
  const endpoint = { url, scope: reader.text('KAFKA_SASL_OAUTHBEARER_SCOPE'), audience: reader.text('KAFKA_SASL_OAUTHBEARER_AUDIENCE') };
  if (hasSecret) return { mechanism, extensions, endpoint, client: null };
  const clientId = reader.text('KAFKA_SASL_OAUTHBEARER_CLIENT_ID');
  const clientSecret = reader.verbatim('KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET');
  if (clientId !== null && clientSecret !== null) return { mechanism, extensions, endpoint, client: { clientId, clientSecret } };
  return reader.problem('set KAFKA_SECRET_ID, or KAFKA_SASL_OAUTHBEARER_CLIENT_ID and KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET', null);
}

function readMskIam(reader: EnvironmentReader, protocol: string, bootstrapServers: readonly string[]): SaslConfig | null {
  if (protocol !== 'SASL_SSL') reader.problem('AWS_MSK_IAM needs KAFKA_SECURITY_PROTOCOL SASL_SSL', null);
  const roleArn = reader.text('KAFKA_MSK_ROLE_ARN');
  if (roleArn !== null && !/^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(roleArn))
    reader.problem('KAFKA_MSK_ROLE_ARN must be the ARN of a role', null);
  const region = reader.text('KAFKA_MSK_REGION') ?? regionOf(bootstrapServers);
  if (region !== null) return { mechanism: 'AWS_MSK_IAM', region, roleArn };
  return reader.problem("set KAFKA_MSK_REGION: the names in KAFKA_BOOTSTRAP_SERVERS are none of Amazon MSK's, which have it", null);
}

function readCertificate(reader: EnvironmentReader, protocol: string): ClientCertificate | null {
  const cert = reader.pem(certificateNames.cert);
  const key = reader.pem(certificateNames.key);
  const passphrase = reader.verbatim(certificateNames.passphrase);
  if (cert === null && key === null) return null;
  if (cert === null || key === null) return reader.problem(`set both ${certificateNames.cert} and ${certificateNames.key}`, null);
  if (!protocol.endsWith('SSL'))
    return reader.problem(`${certificateNames.cert} is set: KAFKA_SECURITY_PROTOCOL must be SSL or SASL_SSL`, null);
  const certificate = { cert, key, ...(passphrase !== null && { passphrase }) };
  try {
    checkCertificate(certificate, certificateNames);
    return certificate;
  } catch (error) {
    return reader.problem(error instanceof Error ? error.message : String(error), null);
  }
}
