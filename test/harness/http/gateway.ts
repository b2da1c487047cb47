import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { FunctionName } from '../../../infra/functions.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import type { GatewayHandler } from '../../../lib/http/gateway-handler.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import '../leaks/output.ts';
import { httpEvent, lambdaContext } from '../events/http-event.ts';
import { keepSecret } from '../leaks/kept.ts';
import { secretsOfEnvironment, secretsOfHeaders, secretsOfRecords } from '../leaks/secrets.ts';
import { functionFor } from './function-for.ts';

/** Parts of an HTTP request besides its request line. */
export interface RequestParts {
  headers?: Record<string, string>;
  /** The query string, or its parameters. */
  query?: string | Record<string, string | number>;
  body?: string | Buffer;
  /** What API Gateway's authorizer says about the caller. */
  authorizer?: unknown;
  /** When API Gateway received it, in Unix milliseconds. */
  timeEpoch?: number;
  /** The time left according to Lambda; the gateway reserves half a second of it for its response. */
  remainingMs?: number;
}

/** A response of the gateway. */
export interface Answer<Body = unknown> {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The parsed text, parsed on first use; null if there is none. The text of a binary body is its base64. */
  readonly json: Body;
  /** The size of the whole result for Lambda, in bytes. */
  size: number;
}

/** The functions called so far, by name: loading all of them takes longer than most tests. */
const handlers = new Map<FunctionName, GatewayHandler>();

/** Bodies of these types reach Lambda as text, all others as base64. */
const TEXT = /^(text\/.*|application\/(json|xml|javascript))$/;

/** Routes whose bodies contain no records: output may repeat these bodies. */
const NO_RECORDS = /^\/(admin|groups|queues)\//;

after(closeClusters);

/**
 * Sends a request to the gateway: calls the function that API Gateway would invoke, in this process, with the event that it would make. The
 * request's credentials and record contents must not appear in any output.
 */
export async function call<Body = unknown>(method: string, path: string, parts: RequestParts = {}): Promise<Answer<Body>> {
  const { headers = {}, query = '', body, authorizer, timeEpoch, remainingMs } = parts;
  const mediaType = (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  const isBase64Encoded = body !== undefined && !TEXT.test(mediaType);
  const event = httpEvent(method, path, {
    headers,
    query: typeof query === 'string' ? query : queryString(query),
    ...(body !== undefined && { body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
    authorizer,
    ...(timeEpoch !== undefined && { timeEpoch }),
  });
  const name = functionFor(method, path);
  const handler = handlers.get(name) ?? (await load(name));
  const secrets = [...secretsOfHeaders(headers), ...(body === undefined || NO_RECORDS.test(path) ? [] : secretsOfRecords(String(body)))];
  keepSecret(secrets);
  const result = await handler(event, lambdaContext(remainingMs));
  if (method !== 'GET') for (const secret of secrets) assert.ok(!result.body.includes(secret), `${secret} is in ${result.body}`);
  return {
    status: result.statusCode,
    headers: result.headers,
    text: result.body,
    get json() {
      return JSON.parse(result.body || 'null');
    },
    size: Buffer.byteLength(JSON.stringify(result)),
  };
}

async function load(name: FunctionName): Promise<GatewayHandler> {
  const { handler } = await import(`../../../functions/${name}.ts`);
  handlers.set(name, handler);
  return handler;
}

const queryString = (query: Record<string, string | number>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

/**
 * Sets variables of the gateway's environment, once per process and before the first request. By default, it connects with PLAINTEXT to the
 * given Kafka, and logs everything; errors are shown.
 */
export function configure(bootstrapServers: string, environment: Record<string, string> = {}): void {
  // The variables of the shell that runs the tests must not affect them.
  for (const name in process.env) if (/^(KAFKA|GATEWAY|SCHEMA_REGISTRY)_/.test(name)) delete process.env[name];
  Object.assign(process.env, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, GATEWAY_RECEIPT_KEY: 'of the tests', ...environment });
  keepSecret(secretsOfEnvironment(environment));
  setLogLevel('debug');
}
