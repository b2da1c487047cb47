import { readFile } from 'node:fs/promises';
import { needAuthorizer } from '../../lib/access/modes.ts';
import { readLocalUsers } from '../../lib/authorizer/authorizer.ts';
import { readUsers } from '../../lib/authorizer/users.ts';
import { readAccess, readModes } from '../../lib/config/access.ts';
import { readAuthorizerConfig } from '../../lib/config/authorizer.ts';
import { readAutoCreate } from '../../lib/config/auto-create.ts';
import { readBody } from '../../lib/config/body.ts';
import { readConsole } from '../../lib/config/console.ts';
import { readConsumers } from '../../lib/config/consumers.ts';
import { readCors } from '../../lib/config/cors.ts';
import { readDocument } from '../../lib/config/document.ts';
import { BETWEEN_PROBLEMS, type Environment } from '../../lib/config/environment-reader.ts';
import { readDocumentConfig } from '../../lib/config/fresh-configuration.ts';
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
import { section } from '../../lib/config/section.ts';
import { readTracing } from '../../lib/config/tracing.ts';
import { GatewayError } from '../../lib/errors.ts';
import { jsonMembers } from '../../lib/json/json-members.ts';
import { parseRules } from '../../lib/limits/parse-rules.ts';

/** Reads a part of the configuration; throws if it is wrong. */
type Check = (environment: Environment) => unknown;

const CHECKS: readonly Check[] = [
  ...[readAccess, readKafka, readBody, readProduce, readAutoCreate, readConsumers, readSchemaRegistry, readIdempotency],
  ...[readLimits, readPush, readConsole, readLog, readMetrics, readTracing, readProxies, readDocumentConfig],
  ...[readRules, readDeadLetters, readCallers, readOrigins, readFileOfVariables],
];

/**
 * Checks the variables of a gateway: of one that serves all routes in one process, or of a deployment. Without this check, the first
 * request that needs a wrong variable would fail.
 *
 * @param more sections that only some gateways have
 * @throws {Error} that lists what is wrong and what to do, a line each, without values of secret variables
 */
export async function checkConfiguration(environment: Environment, more: readonly Check[] = []): Promise<void> {
  const found = await Promise.all([...CHECKS, ...more].map((check) => problemsOf(check, environment)));
  const problems = new Set(found.flat());
  if (problems.size === 0) return;
  throw new Error(['The gateway cannot work with this configuration:', ...problems].join('\n- '));
}

async function problemsOf(check: Check, environment: Environment): Promise<string[]> {
  try {
    await check(environment);
    return [];
  } catch (error) {
    const { message } = error instanceof GatewayError && error.cause instanceof Error ? error.cause : asError(error);
    return message.replace(/^Configuration: /, '').split(BETWEEN_PROBLEMS);
  }
}

function readRules({ GATEWAY_LIMITS }: Environment): void {
  if (GATEWAY_LIMITS) parseRules(GATEWAY_LIMITS);
}

/** Only routes of queues need a receipt key. */
function readDeadLetters(environment: Environment): void {
  if (environment.GATEWAY_RECEIPT_KEY || environment.GATEWAY_QUEUES_DEAD_LETTER) readQueues(environment);
}

/** Of grants that are wrong as well, {@link readAccess} tells. */
const modesOf = section(readModes);

async function readCallers(environment: Environment): Promise<void> {
  if (!needAuthorizer(modesOf(environment))) return;
  const { users } = readAuthorizerConfig(environment);
  if (users === null || 'secretId' in users) return;
  try {
    const text = await readLocalUsers(users.local);
    readUsers(jsonMembers(text) ?? notJson(text));
  } catch (cause) {
    throw new Error(`GATEWAY_USERS must be a file that \`npm run users\` writes, or its content: ${asError(cause).message}`, { cause });
  }
}

async function readFileOfVariables(environment: Environment): Promise<void> {
  const path = environment.GATEWAY_CONFIG_FILE?.trim();
  if (!path) return;
  try {
    readDocument(await readFile(path, 'utf8'), environment);
  } catch (cause) {
    throw new Error(`GATEWAY_CONFIG_FILE: ${asError(cause).message}`, { cause });
  }
}

function notJson(text: string): never {
  throw new Error(/^\s*['"]\s*\{/.test(text) ? 'it has quotes around it: leave them out' : 'it is not a JSON object');
}

/** Browsers send an origin without a slash at its end: no page would be of an origin with one, and nothing would tell why. */
function readOrigins(environment: Environment): void {
  const isOrigin = (text: string): boolean => text === '*' || /^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/.test(text);
  if (readCors(environment).origins.every(isOrigin)) return;
  throw new Error('CORS_ORIGINS must be origins such as https://app.example.com, without a slash at the end, separated by commas');
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
