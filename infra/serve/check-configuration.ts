import { readFile } from 'node:fs/promises';
import { needAuthorizer } from '../../lib/access/modes.ts';
import { readLocalUsers } from '../../lib/authorizer/authorizer.ts';
import { readUsers } from '../../lib/authorizer/users.ts';
import { readAccess } from '../../lib/config/access.ts';
import { readAuthorizerConfig } from '../../lib/config/authorizer.ts';
import { readAutoCreate } from '../../lib/config/auto-create.ts';
import { readBody } from '../../lib/config/body.ts';
import { readConsole } from '../../lib/config/console.ts';
import { readConsumers } from '../../lib/config/consumers.ts';
import { readDocument } from '../../lib/config/document.ts';
import type { Environment } from '../../lib/config/environment-reader.ts';
import { readIdempotency } from '../../lib/config/idempotency.ts';
import { readKafka } from '../../lib/config/kafka.ts';
import { readLimits } from '../../lib/config/limits.ts';
import { readLog } from '../../lib/config/log.ts';
import { readMetrics } from '../../lib/config/metrics.ts';
import { readProduce } from '../../lib/config/produce.ts';
import { readProxies } from '../../lib/config/proxies.ts';
import { readPush } from '../../lib/config/push.ts';
import { readQueues } from '../../lib/config/queues.ts';
import { readSchemaRegistry } from '../../lib/config/schema-registry.ts';
import { readTracing } from '../../lib/config/tracing.ts';
import { GatewayError } from '../../lib/errors.ts';
import { jsonMembers } from '../../lib/json/json-members.ts';
import { parseRules } from '../../lib/limits/parse-rules.ts';

/** Reads a part of the configuration; throws if it is wrong. */
type Check = (environment: Environment) => unknown;

const CHECKS: readonly Check[] = [
  ...[readAccess, readKafka, readBody, readProduce, readAutoCreate, readConsumers, readSchemaRegistry, readIdempotency],
  ...[readLimits, readPush, readConsole, readLog, readMetrics, readTracing, readProxies],
  ...[readRules, readDeadLetters, readCallers, readFileOfVariables],
];

/**
 * Checks the variables of a gateway that serves all routes in one process. Without this check, the first request that needs a wrong
 * variable would fail.
 *
 * @throws {Error} that lists what is wrong and what to do, a line each, without values of secret variables
 */
export async function checkConfiguration(environment: Environment): Promise<void> {
  const found = await Promise.all(CHECKS.map((check) => problemOf(check, environment)));
  const problems = new Set(found.filter((problem) => problem !== null));
  if (problems.size === 0) return;
  throw new Error(['The gateway cannot work with this configuration:', ...problems].join('\n- '));
}

async function problemOf(check: Check, environment: Environment): Promise<string | null> {
  try {
    await check(environment);
    return null;
  } catch (error) {
    const { message } = error instanceof GatewayError && error.cause instanceof Error ? error.cause : asError(error);
    return message.replace(/^Configuration: /, '');
  }
}

function readRules({ GATEWAY_LIMITS }: Environment): void {
  if (GATEWAY_LIMITS) parseRules(GATEWAY_LIMITS);
}

/** Only routes of queues need a receipt key. */
function readDeadLetters(environment: Environment): void {
  if (environment.GATEWAY_RECEIPT_KEY || environment.GATEWAY_QUEUES_DEAD_LETTER) readQueues(environment);
}

async function readCallers(environment: Environment): Promise<void> {
  if (!needAuthorizer(readAccess(environment).modes)) return;
  const { users } = readAuthorizerConfig(environment);
  if (users === null || 'secretId' in users) return;
  try {
    readUsers(jsonMembers(await readLocalUsers(users.local)) ?? notJson());
  } catch (cause) {
    throw new Error(`GATEWAY_USERS must be a file that \`npm run users\` writes, or its content: ${asError(cause).message}`, { cause });
  }
}

async function readFileOfVariables(environment: Environment): Promise<void> {
  const { GATEWAY_CONFIG_FILE } = environment;
  if (!GATEWAY_CONFIG_FILE) return;
  try {
    readDocument(await readFile(GATEWAY_CONFIG_FILE, 'utf8'), environment);
  } catch (cause) {
    throw new Error(`GATEWAY_CONFIG_FILE: ${asError(cause).message}`, { cause });
  }
}

function notJson(): never {
  throw new Error('it is not a JSON object');
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
