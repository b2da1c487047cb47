import { type FetchSecret, Secret, type SecretMembers, secretsManager } from '../aws/secrets.ts';
import type { AuthenticationConfig, SaslConfig } from '../config/kafka-authentication.ts';
import { type CredentialSource, derived, fixed } from '../credentials/credential-source.ts';
import { AssumedRole } from '../kafka/connection/authentication/assumed-role.optional.ts';
import { functionRole } from '../kafka/connection/authentication/aws-credentials.ts';
import { type ConnectionCredentials, joined } from '../kafka/connection/authentication/credentials.ts';
import { mechanisms } from '../kafka/connection/authentication/mechanisms.ts';
import { mskIam } from '../kafka/connection/authentication/msk-iam.ts';
import { oauthBearer } from '../kafka/connection/authentication/oauthbearer.ts';
import { tokensFrom } from '../kafka/connection/authentication/token-endpoint.ts';
import type { Sasl } from '../kafka/connection/connection.ts';
import { certificateIn, clientIn, optionalCertificateIn, tokenIn, userIn } from './secret-members.ts';

type SecretSource = CredentialSource<SecretMembers>;

/**
 * The gateway's own credentials for Kafka, by configuration; null if nothing is configured. What the configuration lacks is in the one
 * secret, which may hold a certificate, too.
 */
export function kafkaCredentials(
  { sasl, certificate, secret, tls }: AuthenticationConfig & { tls: boolean },
  secretsOf: (region: string | null) => FetchSecret = secretsManager,
): CredentialSource<ConnectionCredentials> | null {
  const needed = secret === null ? null : neededOf(sasl, tls && certificate === null);
  const source = secret === null || needed === null ? null : secretSource(secret.id, secretsOf(secret.region), needed);
  if (sasl === null && certificate === null && source === null) return null;
  const certificates = tls && certificate === null && source !== null ? derived(source, optionalCertificateIn) : fixed(certificate);
  return joined(sasl === null ? fixed(null) : saslSource(sasl, source), certificates);
}

/** Reads what must be in the secret; null if nothing of it is used. */
function neededOf(sasl: SaslConfig | null, wantsCertificate: boolean): ((members: SecretMembers) => unknown) | null {
  if (sasl === null) return wantsCertificate ? certificateIn : null;
  if (sasl.mechanism === 'AWS_MSK_IAM') return null;
  if (sasl.mechanism !== 'OAUTHBEARER') return sasl.user === null ? userIn : null;
  if (sasl.endpoint === null) return sasl.token === null ? tokenIn : null;
  return sasl.client === null ? clientIn : null;
}

/** The members of the secret, once everything that is used of it has proved readable. */
const secretSource = (id: string, fetchSecret: FetchSecret, needed: (members: SecretMembers) => unknown): SecretSource =>
  new Secret(id, fetchSecret, (members) => {
    needed(members);
    optionalCertificateIn(members);
    return members;
  });

function saslSource(sasl: SaslConfig, secret: SecretSource | null): CredentialSource<Sasl> {
  switch (sasl.mechanism) {
    case 'AWS_MSK_IAM':
      return mskIam(sasl.region, sasl.roleArn === null ? functionRole : new AssumedRole(sasl.roleArn, sasl.region));
    case 'OAUTHBEARER':
      if (sasl.endpoint !== null) return oauthBearer(tokensFrom(sasl.endpoint, heldBy(sasl.client, secret, clientIn)), sasl.extensions);
      return oauthBearer(heldBy(sasl.token === null ? null : { value: sasl.token }, secret, tokenIn), sasl.extensions);
    default:
      return derived(heldBy(sasl.user, secret, userIn), mechanisms[sasl.mechanism]);
  }
}

/** Credentials from the configuration, or else from the secret. */
function heldBy<Credentials>(
  configured: Credentials | null,
  secret: SecretSource | null,
  read: (members: SecretMembers) => Credentials,
): CredentialSource<Credentials> {
  if (configured !== null) return fixed(configured);
  if (secret === null) throw new Error('credentials are neither in the configuration nor in a secret');
  return derived(secret, read);
}
