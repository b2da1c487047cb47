import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GatewayError } from './errors.ts';
import type { UserCredentials } from './kafka/authentication/credentials.ts';

/** Fetches the text of a secret's current version. */
export type FetchSecret = (secretId: string) => Promise<string | undefined>;

/** How long Secrets Manager is waited for, in all. */
const FETCH_MS = 5000;
/** Age at which the secret is read again before a new connection. */
const LIFETIME_MS = 15 * 60 * 1000;
/** Credentials that stay refused are not asked for more often than this. */
const RENEW_PAUSE_MS = 5000;

/** A user name and password kept in Secrets Manager, as `{"username","password"}`. Cached; concurrent callers share one request. */
export class UserSecret {
  readonly #secretId: string;
  readonly #fetchSecret: FetchSecret;
  #credentials: UserCredentials | null = null;
  #fetchedAt = 0;
  #renewedAt = 0;
  #fetching: Promise<UserCredentials> | null = null;

  constructor(secretId: string, fetchSecret: FetchSecret) {
    this.#secretId = secretId;
    this.#fetchSecret = fetchSecret;
  }

  /** @throws {GatewayError} CredentialsUnavailable when the secret is missing, forbidden or malformed; its cause never holds the secret */
  async current(): Promise<UserCredentials> {
    if (this.#credentials !== null && Date.now() - this.#fetchedAt < LIFETIME_MS) return this.#credentials;
    return this.#fetch();
  }

  /** After a refusal: reads the secret again, and says whether it holds other credentials than the refused ones by now. */
  async renew(refused: UserCredentials): Promise<boolean> {
    const differs = ({ username, password }: UserCredentials): boolean => username !== refused.username || password !== refused.password;
    if (this.#credentials !== null && differs(this.#credentials)) return true;
    if (this.#fetching === null) {
      if (Date.now() - this.#renewedAt < RENEW_PAUSE_MS) return false;
      this.#renewedAt = Date.now();
    }
    return differs(await this.#fetch());
  }

  #fetch(): Promise<UserCredentials> {
    this.#fetching ??= this.#read().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #read(): Promise<UserCredentials> {
    let text: string | undefined;
    try {
      text = await this.#fetchSecret(this.#secretId);
    } catch (cause) {
      throw unavailable(`Secrets Manager did not give the secret ${this.#secretId}`, cause);
    }
    this.#credentials = parseCredentials(text, this.#secretId);
    this.#fetchedAt = Date.now();
    return this.#credentials;
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

function parseCredentials(text: string | undefined, secretId: string): UserCredentials {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? '');
  } catch {
    // The parser's own message would quote the secret.
    throw unavailable(`The secret ${secretId} is not JSON`);
  }
  if (typeof parsed === 'object' && parsed !== null && 'username' in parsed && 'password' in parsed) {
    const { username, password } = parsed;
    if (typeof username === 'string' && typeof password === 'string') return { username, password };
  }
  throw unavailable(`The secret ${secretId} must hold {"username": …, "password": …}`);
}

const unavailable = (why: string, cause?: unknown): GatewayError =>
  new GatewayError('CredentialsUnavailable', 'The gateway cannot read its credentials for Kafka at the moment: try again.', {
    cause: cause === undefined ? new Error(why) : new Error(why, { cause }),
  });
