import { Secret, secretsManager } from '../../aws/secrets.ts';
import { type CredentialSource, fixed } from '../../credentials/credential-source.ts';
import { type RegistryCredentials, registryCredentialsIn } from './credentials.ts';

/** The configured credentials; without them, those in the secret, if there is one. */
export const registryCredentials = (
  configured: RegistryCredentials | null,
  secret: { id: string; region: string | null } | null,
): CredentialSource<RegistryCredentials | null> =>
  configured === null && secret !== null ? new Secret(secret.id, secretsManager(secret.region), registryCredentialsIn) : fixed(configured);
