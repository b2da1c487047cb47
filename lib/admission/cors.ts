import { corsConfig } from '../config/cors.ts';

/** Response headers that pages of other origins may read. */
const EXPOSED_HEADERS = [
  'accept-encoding',
  'allow',
  'idempotency-replayed',
  'kafka-high-watermark',
  'kafka-log-start-offset',
  'kafka-next-offset',
  'link',
  'location',
  'retry-after',
  'www-authenticate',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-request-id',
];

/** Same as in the HTTP API of infra/stack/cors.yml. */
const ALLOWED_METHODS = ['DELETE', 'GET', 'POST', 'PUT'];
const ALLOWED_HEADERS = [
  'accept',
  'authorization',
  'ce-dataschema',
  'ce-id',
  'ce-partitionkey',
  'ce-source',
  'ce-specversion',
  'ce-subject',
  'ce-time',
  'ce-type',
  'content-encoding',
  'content-type',
  'idempotency-key',
  'if-match',
  'kafka-key',
  'kafka-partition',
  'kafka-topic',
  'kafka-value-schema-id',
  'last-event-id',
  'traceparent',
  'tracestate',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-api-key',
];
const MAX_AGE_S = '3600';

/** The headers that let a page of an origin read a response; no permission if CORS_ORIGINS does not list the origin. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  const { origins } = corsConfig();
  if (origin === undefined || origins.length === 0) return {};
  if (!origins.includes('*') && !origins.includes(origin)) return { vary: 'origin' };
  const allowed = origins.includes('*') ? '*' : origin;
  return { 'access-control-allow-origin': allowed, 'access-control-expose-headers': EXPOSED_HEADERS.join(','), vary: 'origin' };
}

/** The response to a browser's preflight request; null if the origin is not allowed, or if the request is not a preflight. */
export function preflightHeaders(
  method: string | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> | null {
  const { origin } = headers;
  if (method !== 'OPTIONS' || typeof origin !== 'string' || headers['access-control-request-method'] === undefined) return null;
  const allowed = corsHeaders(origin);
  if (allowed['access-control-allow-origin'] === undefined) return null;
  return {
    ...allowed,
    'access-control-allow-methods': ALLOWED_METHODS.join(','),
    'access-control-allow-headers': ALLOWED_HEADERS.join(','),
    'access-control-max-age': MAX_AGE_S,
  };
}
