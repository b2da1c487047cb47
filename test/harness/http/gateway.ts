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

/** Parts of an HTTP request besides its first line. */
export interface RequestParts {
  headers?: Record<string, string>;
  /** The text after the question mark, or names and values. */
  query?: string | Record<string, string | number>;
  body?: string | Buffer;
  /** What API Gateway's authorizer says of the caller. */
  authorizer?: unknown;
  /** What Lambda says is left; the gateway keeps half a second of it to answer. */
  remainingMs?: number;
}

/** A response of the gateway. */
export interface Answer<Body = unknown> {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The text, parsed when it is asked for; null where there is none. Of a body that is no text, the text is its base64. */
  readonly json: Body;
  /** Bytes of the whole result as Lambda hands it over. */
  size: number;
}

/** The functions that have been called, by their names: loading all of them takes longer than most tests. */
const handlers = new Map<FunctionName, GatewayHandler>();

/** Bodies of these types reach Lambda as text, all others as base64. */
const TEXT = /^(text\/.*|application\/(json|xml|javascript))$/;

/** What takes bodies without records, and may repeat them. */
const NO_RECORDS = /^\/(admin|groups|queues)\//;

after(closeClusters);

/**
 * Sends a request to the gateway: the function that API Gateway would pick is called in this process with the event it would make.
 * Nothing that is told of it may have its credentials, or what its records hold.
 */
export async function call<Body = unknown>(method: string, path: string, parts: RequestParts = {}): Promise<Answer<Body>> {
  const { headers = {}, query = '', body, authorizer, remainingMs } = parts;
  const mediaType = (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  const isBase64Encoded = body !== undefined && !TEXT.test(mediaType);
  const event = httpEvent(method, path, {
    headers,
    query: typeof query === 'string' ? query : queryString(query),
    ...(body !== undefined && { body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
    authorizer,
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
 * Sets variables of the gateway's environment, once in a process and before its first request. By default it speaks PLAINTEXT to the
 * Kafka given. It logs all that it ever does; errors are shown.
 */
export function configure(bootstrapServers: string, environment: Record<string, string> = {}): void {
  // What the shell of whoever runs the tests is set to is not meant for them.
  for (const name in process.env) if (/^(KAFKA|GATEWAY|SCHEMA_REGISTRY)_/.test(name)) delete process.env[name];
  Object.assign(process.env, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, GATEWAY_RECEIPT_KEY: 'of the tests', ...environment });
  keepSecret(secretsOfEnvironment(environment));
  setLogLevel('debug');
}
