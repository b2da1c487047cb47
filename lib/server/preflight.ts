import type { IncomingMessage, ServerResponse } from 'node:http';
import { corsHeaders } from '../admission/cors.ts';

/** As the HTTP API of infra/stack/cors.yml has them. */
export const ALLOWED_METHODS = ['DELETE', 'GET', 'POST', 'PUT'];
export const ALLOWED_HEADERS = [
  'accept',
  'authorization',
  'content-encoding',
  'content-type',
  'idempotency-key',
  'kafka-key',
  'kafka-partition',
  'kafka-topic',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-api-key',
];
const MAX_AGE_S = '3600';

/** Answers what a browser asks before it lets a page of another origin send a request; false where that is not what is asked. */
export function preflight({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  if (method !== 'OPTIONS' || headers.origin === undefined || headers['access-control-request-method'] === undefined) return false;
  const allowed = corsHeaders(headers.origin);
  if (allowed['access-control-allow-origin'] === undefined) return false;
  response.writeHead(204, {
    ...allowed,
    'access-control-allow-methods': ALLOWED_METHODS.join(','),
    'access-control-allow-headers': ALLOWED_HEADERS.join(','),
    'access-control-max-age': MAX_AGE_S,
  });
  response.end();
  return true;
}
