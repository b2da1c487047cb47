import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Lease, Renewed } from '../credentials/renewed.ts';
import type { GatewayError } from '../errors.ts';
import { type JsonMembers, jsonMembers } from '../json/json-members.ts';
import { secretUnavailable } from '../messages/kafka.ts';

/** Fetches the text of a secret's current version. */
export type FetchSecret = (secretId: string) => Promise<string | undefined>;

/** The members of a secret's JSON object. */
export type SecretMembers = JsonMembers;

/** How long to wait for Secrets Manager, in total. */
const FETCH_MS = 5000;
/** By default, a secret of this age is read again before the next new connection. */
const LIFETIME_MS = 15 * 60 * 1000;
/**
 * After a refusal, the secret is read again, and while it is unchanged, once more after each of these pauses: a rotation changes the
 * password in Kafka and in the secret one after the other. Two seconds in total, so that a wrong secret is reported soon.
 */
const ROTATION_PAUSES_MS = [250, 500, 500, 750];

/**
 * Credentials from a JSON object in Secrets Manager. Cached; concurrent callers share one request. Reading them throws
 * CredentialsUnavailable if the secret is missing, forbidden or malformed; the cause never shows its content.
 *
 * @param read makes the credentials from the object, or throws an error that names the invalid member
 * @param lifetimeMs the age at which the secret is read again
 * @param name what the log and the operator call it
 */
export class Secret<Credentials> extends Renewed<Credentials> {
  constructor(
    secretId: string,
    fetchSecret: FetchSecret,
    read: (members: SecretMembers) => Credentials,
    lifetimeMs: number = LIFETIME_MS,
    name = `the secret ${secretId}`,
  ) {
    super(
      name,
      async (): Promise<Lease<Credentials>> => {
        const credentials = readSecret(await fetchText(secretId, fetchSecret, name), name, read);
        return { credentials, renewAt: Date.now() + lifetimeMs, endsAt: Number.POSITIVE_INFINITY };
      },
      ROTATION_PAUSES_MS,
    );
  }
}

/** Reads secrets with the AWS SDK, which is loaded on first use. */
export function secretsManager(region: string | null): FetchSecret {
  let client: SecretsManagerClient | undefined;
  return async (secretId) => {
    const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    client ??= new SecretsManagerClient(region === null ? {} : { region });
    // Without a stage, Secrets Manager may return the version before the rotation.
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: 'AWSCURRENT' });
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(FETCH_MS) });
    return SecretString;
  };
}

async function fetchText(secretId: string, fetchSecret: FetchSecret, name: string): Promise<string | undefined> {
  try {
    return await fetchSecret(secretId);
  } catch (cause) {
    throw unavailable(new Error(`${capitalized(name)} cannot be read`, { cause }));
  }
}

function readSecret<Credentials>(text: string | undefined, name: string, read: (members: SecretMembers) => Credentials): Credentials {
  // Without a byte order mark, which some editors write.
  const members = jsonMembers((text ?? '').trim());
  if (members === null) throw unavailable(new Error(`${capitalized(name)} is not a JSON object`));
  try {
    return read(members);
  } catch (cause) {
    throw unavailable(new Error(`${capitalized(name)} does not fit the configuration`, { cause }));
  }
}

const capitalized = (text: string): string => text[0].toUpperCase() + text.slice(1);

const unavailable = (cause: Error): GatewayError => secretUnavailable.with({ cause });
