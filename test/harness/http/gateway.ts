import assert from 'node:assert/strict';
import { after } from 'node:test';
import { handler as consumerGroups } from '../../../functions/consumer-groups.ts';
import { handler as createTopic } from '../../../functions/create-topic.ts';
import { handler as deleteTopic } from '../../../functions/delete-topic.ts';
import { handler as fetchFromOffset } from '../../../functions/fetch-from-offset.ts';
import { handler as listOffsets } from '../../../functions/list-offsets.ts';
import { handler as openapi } from '../../../functions/openapi.ts';
import { handler as produce } from '../../../functions/produce.ts';
import { handler as pubsub } from '../../../functions/pubsub.ts';
import { handler as readTopics } from '../../../functions/read-topics.ts';
import { handler as topicMetadata } from '../../../functions/topic-metadata.ts';
import { closeClusters } from '../../../lib/clusters/warm-clusters.ts';
import { setLogLevel } from '../../../lib/telemetry/log.ts';
import '../leaks/output.ts';
import { httpEvent, lambdaContext } from '../events/http-event.ts';
import { keepSecret } from '../leaks/kept.ts';
import { secretsOfEnvironment, secretsOfHeaders, secretsOfRecords } from '../leaks/secrets.ts';

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

/** The routes of infra/http-api.yml, first match first; what none of them takes goes to topic-metadata. */
const functions = [
  { pattern: /^POST \/(topics\/[^/]+|records)(\/|$)/, handler: produce },
  { pattern: /^POST \/v3\/clusters\/[^/]+\/topics\/[^/]+\/./, handler: produce },
  { pattern: /^POST \/(admin\/topics(\/|$)|v3\/clusters\/[^/]+\/.)/, handler: createTopic },
  { pattern: /^DELETE \/v3\/clusters\/[^/]+\/topics\/[^/]/, handler: deleteTopic },
  { pattern: /^POST \/pubsub(\/|$)/, handler: pubsub },
  { pattern: /^GET \/groups$|^(GET|PUT|DELETE) \/groups\/./, handler: consumerGroups },
  { pattern: /^GET \/(openapi\.json|docs)(\/|$)/, handler: openapi },
  { pattern: /^GET \/topics\/[^/]+(\/partitions\/[^/]+)?\/offsets(\/|$)/, handler: listOffsets },
  { pattern: /^GET \/topics\/[^/]+\/records(\/|$)/, handler: readTopics },
  { pattern: /^GET \/topics\/[^/]+\/partitions\/[^/]+\/(records|messages)(\/|$)/, handler: fetchFromOffset },
];

/** Bodies of these types reach Lambda as text, all others as base64. */
const TEXT = /^(text\/.*|application\/(json|xml|javascript))$/;

/** What takes bodies without records, and may repeat them. */
const NO_RECORDS = /^\/(admin|groups)\//;

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
  const { handler } = functions.find(({ pattern }) => pattern.test(`${method} ${path}`)) ?? { handler: topicMetadata };
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
  Object.assign(process.env, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, ...environment });
  keepSecret(secretsOfEnvironment(environment));
  setLogLevel('debug');
}
