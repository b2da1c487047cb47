import { isPasswordMechanism, type PasswordMechanism } from '../kafka/connection/authentication/mechanisms.ts';
import type { EnvironmentReader } from './environment-reader.ts';

/** The mechanisms for callers' own credentials: at least one. */
export interface Passthrough {
  /** For a user name and a password. */
  basic: PasswordMechanism | null;
  /** For tokens, by OAUTHBEARER; the SASL extensions that go with each of them. */
  bearer: { extensions: Record<string, string> } | null;
}

/** Variables with credentials of the gateway's own. */
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

/** Reads how Kafka gets callers' credentials. What contradicts that is a problem, lest somebody rely on it. */
export function readPassthrough(reader: EnvironmentReader, protocol: string): Passthrough | null {
  const problem = (text: string) => reader.problem(`GATEWAY_AUTH=passthrough ${text}`, null);
  if (!protocol.startsWith('SASL')) return problem('needs KAFKA_SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT');
  // A secret can only hold a client certificate then.
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
