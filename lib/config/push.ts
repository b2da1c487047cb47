import { jsonMembers } from '../json/json-members.ts';
import type { Targets } from '../push/attempt/target.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';
import { readTable } from './table.ts';

/** The default of GATEWAY_PUSH_SECRETS, the prefix of secrets' names. */
export const PUSH_SECRETS = 'kafka-gateway/push/';

/** The configuration of subscriptions. */
export interface PushConfig {
  /** The name of the DynamoDB table. */
  table: string;
  /** Whether a process that has delivered everything waits for new records. */
  whileIdle: boolean;
  targets: Targets;
  /** The prefix of the secrets that deliveries may read. */
  secretPrefix: string;
  /** Secrets by name, for local use; null if they are in Secrets Manager. */
  localSecrets: Readonly<Record<string, string>> | null;
}

/** Null without subscriptions. */
export const readPush = section((reader): PushConfig | null => {
  const mode = reader.oneOf('GATEWAY_PUSH', ['off', 'continuous', 'until-idle'], 'off');
  const targets = readTargets(reader);
  const secretPrefix = reader.text('GATEWAY_PUSH_SECRETS') ?? PUSH_SECRETS;
  const localSecrets = readLocalSecrets(reader);
  if (mode === 'off') return null;
  return { table: readTable(reader, 'GATEWAY_PUSH'), whileIdle: mode === 'continuous', targets, secretPrefix, localSecrets };
});

/**
 * The section of subscriptions in this process; null without subscriptions.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const pushConfig = ofProcess(readPush);

/** GATEWAY_PUSH_TARGETS: origins; `public` stands for every https URL of the internet. */
function readTargets(reader: EnvironmentReader): Targets {
  const name = 'GATEWAY_PUSH_TARGETS';
  const words = reader.list(name);
  const origins = words.filter((word) => word !== 'public');
  if (!origins.every((origin) => URL.parse(origin)?.origin === origin && /^https?:/.test(origin))) {
    return reader.problem(`${name} must be public, or origins such as https://hooks.internal:8443, separated by commas`, {
      isPublicAllowed: false,
      origins: [],
    });
  }
  return { isPublicAllowed: words.length === 0 || words.includes('public'), origins };
}

/** GATEWAY_PUSH_LOCAL_SECRETS: a JSON object of secrets by name, each an object. */
function readLocalSecrets(reader: EnvironmentReader): Record<string, string> | null {
  const text = reader.verbatim('GATEWAY_PUSH_LOCAL_SECRETS');
  if (text === null) return null;
  const secrets = jsonMembers(text);
  if (secrets === null) return reader.problem('GATEWAY_PUSH_LOCAL_SECRETS must be a JSON object of secrets by their names', null);
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, JSON.stringify(secret)]));
}
