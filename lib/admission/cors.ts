import { corsConfig } from '../config/cors.ts';

/** Headers of responses that pages may read. */
export const EXPOSED_HEADERS = [
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

/** The headers that let a page of an origin read a response; none where CORS_ORIGINS does not have it. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  const { origins } = corsConfig();
  if (origin === undefined || origins.length === 0) return {};
  if (!origins.includes('*') && !origins.includes(origin)) return { vary: 'origin' };
  const allowed = origins.includes('*') ? '*' : origin;
  return { 'access-control-allow-origin': allowed, 'access-control-expose-headers': EXPOSED_HEADERS.join(','), vary: 'origin' };
}
