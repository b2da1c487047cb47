import { isPasswordMechanism, type PasswordMechanism } from '../kafka/connection/authentication/mechanisms.ts';
import type { EnvironmentReader } from './environment-reader.ts';

/** The SASL mechanisms for callers' own credentials; at least one is not null. */
export interface Passthrough {
  /** For user names with passwords. */
  basic: PasswordMechanism | null;
  /** For tokens, with OAUTHBEARER; the SASL extensions to send with each token. */
  bearer: { extensions: Record<string, string> } | null;
}

/** Variables that hold the gateway's own credentials. */
const OWN_CREDENTIALS = [
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_SASL_OAUTHBEARER_TOKEN',
  'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL',
  'KAFKA_MSK_ROLE_ARN',
];

/** SASL extensions (KIP-342) for OAUTHBEARER. */
export const readExtensions = (reader: EnvironmentReader): Record<string, string> =>
  reader.pairs('KAFKA_SASL_OAUTHBEARER_EXTENSIONS', /^[A-Za-z]+$/);

/** Reads how callers' credentials reach Kafka. Variables that contradict passthrough are a problem, so that nobody relies on them. */
export function readPassthrough(reader: EnvironmentReader, protocol: string): Passthrough | null {
  const problem = (text: string) => reader.problem(`GATEWAY_AUTH=passthrough ${text}`, null);
  if (!protocol.startsWith('SASL')) return problem('needs KAFKA_SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT');
  // Only with SASL_SSL is a secret useful: for a client certificate.
  const own = [...OWN_CREDENTIALS, ...(protocol === 'SASL_SSL' ? [] : ['KAFKA_SECRET_ID'])].filter((name) => reader.text(name) !== null);
  if (own.length > 0) return problem(`shows Kafka the credentials of callers: unset ${own.join(', ')}`);

  const mechanisms = (reader.text('KAFKA_SASL_MECHANISM') ?? '').toUpperCase().split(',');
  const passwords = mechanisms.map((name) => name.trim()).filter((name) => name !== 'OAUTHBEARER');
  const [basic = null, ...more] = passwords;
  if (more.length > 0 || (basic !== null && !isPasswordMechanism(basic))) {
    return problem('needs KAFKA_SASL_MECHANISM PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, and/or OAUTHBEARER, separated by a comma');
  }
  return { basic, bearer: passwords.length < mechanisms.length ? { extensions: readExtensions(reader) } : null };
}
