import { readFile } from 'node:fs/promises';
import { isObject } from '../../lib/json/json-members.ts';
import { log } from '../../lib/telemetry/log.ts';

/** The address of ECS's agent, for a relative URI. */
const ECS = 'http://169.254.170.2';
const FETCH_MS = 2000;
/** How soon credentials are read again: after half of their time, but within these bounds. */
const SOONEST_MS = 10_000;
const LATEST_MS = 15 * 60_000;

/**
 * Puts the AWS credentials of a container's role into the environment, where the whole gateway finds them, as on Lambda, and renews them
 * while the process runs. Does nothing where the environment has credentials, or names no role (Amazon ECS, EKS Pod Identity). Resolves
 * after the first attempt; failures are logged, and the next attempt follows.
 *
 * @returns a function that ends the renewal
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function useContainerCredentials(environment: NodeJS.ProcessEnv): Promise<() => void> {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = environment;
  const url = path ? `${ECS}${path}` : full;
  if (environment.AWS_ACCESS_KEY_ID || !url) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const renew = async (): Promise<void> => {
    let wait = SOONEST_MS;
    try {
      const expiresAt = await readInto(environment, url);
      wait = Math.min(LATEST_MS, Math.max(SOONEST_MS, (expiresAt - Date.now()) / 2));
    } catch (error) {
      log.error('credentials_kept', 'The credentials of the container cannot be read', { source: 'the role of the container', error });
    }
    if (!isOver) timer = setTimeout(renew, wait).unref();
  };
  await renew();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** @returns when they expire, in Unix milliseconds */
async function readInto(environment: NodeJS.ProcessEnv, url: string): Promise<number> {
  const { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file, AWS_CONTAINER_AUTHORIZATION_TOKEN: text } = environment;
  const token = file ? (await readFile(file, 'utf8')).trim() : text;
  const response = await fetch(url, {
    headers: token ? { authorization: token } : {},
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_MS),
  });
  if (!response.ok) throw new Error(`The address of the credentials answered ${response.status}`);
  const answer: unknown = await response.json();
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = isObject(answer) ? answer : {};
  const expiresAt = Date.parse(String(Expiration));
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string' || Number.isNaN(expiresAt)) {
    throw new Error('The address of the credentials answered without credentials');
  }
  environment.AWS_ACCESS_KEY_ID = AccessKeyId;
  environment.AWS_SECRET_ACCESS_KEY = SecretAccessKey;
  if (typeof Token === 'string') environment.AWS_SESSION_TOKEN = Token;
  // The AWS SDK reads the environment again before this time.
  environment.AWS_CREDENTIAL_EXPIRATION = new Date(expiresAt).toISOString();
  return expiresAt;
}
