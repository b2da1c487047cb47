import { gunzipSync } from 'node:zlib';
import { GatewayError } from '../errors.ts';
import { jsonMembers } from '../json/json-members.ts';
import { parseRules } from '../limits/parse-rules.ts';
import { fieldIsOneOf } from '../records/responses/record-filter.ts';
import { readAccess } from './access.ts';
import { readAutoCreate } from './auto-create.ts';
import { readBody } from './body.ts';
import type { Environment } from './environment-reader.ts';
import { readKafka } from './kafka.ts';
import { readLimits } from './limits.ts';
import { readLog } from './log.ts';
import { readMetrics } from './metrics.ts';
import { readProduce } from './produce.ts';
import { PRODUCE_VARIABLES } from './produce-variables.ts';
import type { ReadSection } from './section.ts';
import { readTracing } from './tracing.ts';

/** Variables of a document, which may change while a process runs. */
export type DocumentVariables = Readonly<Record<string, string>>;

/** The variables that a document may set, by the section whose reader checks them. */
const CHANGEABLE: readonly (readonly [read: ReadSection<unknown>, names: readonly string[]])[] = [
  [readAccess, ['GATEWAY_GRANTS', 'GATEWAY_ROW_FILTERS', 'GATEWAY_PRINCIPAL_HEADER', 'GATEWAY_PRINCIPAL_MODE_HEADER']],
  [readKafka, ['KAFKA_BOOTSTRAP_SERVERS']],
  [readLimits, ['GATEWAY_LIMITS', 'GATEWAY_LIMITS_ON_FAILURE']],
  [readLog, ['GATEWAY_LOG_LEVEL']],
  [readMetrics, ['GATEWAY_METRICS', 'GATEWAY_METRIC_TOPICS']],
  [readTracing, ['GATEWAY_TRACE_HEADERS']],
  [readBody, ['GATEWAY_MAX_BODY_BYTES']],
  [readAutoCreate, ['GATEWAY_AUTO_CREATE_TOPICS']],
  [readProduce, PRODUCE_VARIABLES],
];

const MAX_BYTES = 1024 * 1024;
/** A packed document: the first characters of gzip data in base64. */
export const PACKED = /^H4sI/;

/**
 * Reads a document: a JSON object of variables, either plain, or compressed with gzip and in base64. Values are strings, numbers, booleans,
 * or JSON for variables that hold JSON.
 *
 * @param environment the deployed variables; the document's variables override them, and every section of the result must be valid
 * @throws {Error} that lists all problems and quotes no value
 */
export function readDocument(text: string, environment: Environment): DocumentVariables {
  // Without a byte order mark, which some editors write.
  const written = text.trim();
  const json = PACKED.test(written) ? unpacked(written) : written;
  const members = /^\s*\{/.test(json) ? jsonMembers(json) : null;
  if (members === null) throw new Error('it is not a JSON object');
  const problems: string[] = [];
  const variables: Record<string, string> = {};
  const known = CHANGEABLE.flatMap(([, names]) => names);
  for (const [name, value] of Object.entries(members)) {
    const variable = textOf(value);
    if (!known.includes(name))
      problems.push(`${name} is not a variable that can change while the gateway runs: correct its name, or deploy it`);
    // An empty variable counts as unset, and unset grants would allow everything.
    else if (variable === '') problems.push(`${name} is empty: leave it out, for what is deployed`);
    else variables[name] = variable;
  }
  if (variables.GATEWAY_LIMITS !== undefined && !environment.GATEWAY_LIMITS) {
    problems.push('GATEWAY_LIMITS needs a deployment with GATEWAY_LIMITS, be it []');
  }
  const all = { ...environment, ...variables };
  for (const [read, names] of CHANGEABLE) if (names.some((name) => Object.hasOwn(variables, name))) check(() => read(all), problems);
  if (variables.GATEWAY_LIMITS !== undefined) check(() => parseRules(variables.GATEWAY_LIMITS), problems);
  // Otherwise the gateway would only parse these fields with the first record.
  if (variables.GATEWAY_ROW_FILTERS !== undefined) check(() => readFields(all), problems);
  if (problems.length > 0) throw new Error([...new Set(problems)].join('; '));
  return variables;
}

const readFields = (environment: Environment): void => {
  for (const { field } of readAccess(environment).rowFilters) fieldIsOneOf(field, []);
};

function unpacked(text: string): string {
  try {
    return gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_BYTES }).toString();
  } catch (cause) {
    throw new Error(`it begins like gzip in base64, and is none, or holds more than ${MAX_BYTES} bytes`, { cause });
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

function check(read: () => unknown, problems: string[]): void {
  try {
    read();
  } catch (error) {
    const { message } = error instanceof GatewayError && error.cause instanceof Error ? error.cause : asError(error);
    problems.push(message.replace(/^Configuration: /, ''));
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
