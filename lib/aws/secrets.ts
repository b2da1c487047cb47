import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Lease, Renewed } from '../credentials/renewed.ts';
import type { GatewayError } from '../errors.ts';
import { type JsonMembers, jsonMembers } from '../json/json-members.ts';
import { secretUnavailable } from '../messages/kafka.ts';

/** Fetches the text of a secret's current version. */
export type FetchSecret = (secretId: string) => Promise<string | undefined>;

/** The members of a secret, which is a JSON object. */
export type SecretMembers = JsonMembers;

/** How long Secrets Manager is waited for, in all. */
const FETCH_MS = 5000;
/** Age at which a secret is read again before a new connection, unless something else is said. */
const LIFETIME_MS = 15 * 60 * 1000;
/**
 * After a refusal the secret is read again, and, while it says the same, so long after that: a rotation changes the password in Kafka and
 * the secret one after the other. Two seconds in all, so that a secret that is wrong is told soon.
 */
const ROTATION_PAUSES_MS = [250, 500, 500, 750];

/**
 * Credentials kept in Secrets Manager as a JSON object. Cached; concurrent callers share one request. To get them throws
 * CredentialsUnavailable when the secret is missing, forbidden or malformed; the cause never holds any of it.
 *
 * @param read makes credentials of the object, or throws an error that says which member is wrong
 * @param lifetimeMs age at which it is read again
 */
export class Secret<Credentials> extends Renewed<Credentials> {
  constructor(secretId: string, fetchSecret: FetchSecret, read: (members: SecretMembers) => Credentials, lifetimeMs: number = LIFETIME_MS) {
    super(
      `the secret ${secretId}`,
      async (): Promise<Lease<Credentials>> => {
        const credentials = readSecret(await fetchText(secretId, fetchSecret), secretId, read);
        return { credentials, renewAt: Date.now() + lifetimeMs, endsAt: Number.POSITIVE_INFINITY };
      },
      ROTATION_PAUSES_MS,
    );
  }
}

/** Reads secrets by the AWS SDK, which is loaded when it is first needed. */
export function secretsManager(region: string | null): FetchSecret {
  let client: SecretsManagerClient | undefined;
  return async (secretId) => {
    const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    client ??= new SecretsManagerClient(region === null ? {} : { region });
    // Without a stage, a get may answer with the version before the rotation.
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: 'AWSCURRENT' });
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(FETCH_MS) });
    return SecretString;
  };
}

async function fetchText(secretId: string, fetchSecret: FetchSecret): Promise<string | undefined> {
  try {
    return await fetchSecret(secretId);
  } catch (cause) {
    throw unavailable(new Error(`Secrets Manager did not give the secret ${secretId}`, { cause }));
  }
}

function readSecret<Credentials>(text: string | undefined, secretId: string, read: (members: SecretMembers) => Credentials): Credentials {
  const members = jsonMembers(text ?? '');
  if (members === null) throw unavailable(new Error(`The secret ${secretId} is not a JSON object`));
  try {
    return read(members);
  } catch (cause) {
    throw unavailable(new Error(`The secret ${secretId} does not fit the configuration`, { cause }));
  }
}

const unavailable = (cause: Error): GatewayError => secretUnavailable.with({ cause });
