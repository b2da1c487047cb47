import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CallerContext } from '../../../lib/access/caller.ts';
import type { HttpResponse } from './runtime-api.ts';
import type { LambdaFunction, Timeout } from './start-function.ts';

/** Bodies of these types reach a function as text; all others, and those without a type, as base64. */
const TEXT = /^(text\/.*|application\/(json|javascript|xml))$/;

export interface HttpRequest {
  /** The HTTP API's route, such as `POST /topics/{topic}`. */
  route: string;
  /** Path and query as in a URL. */
  target: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** What the Lambda authorizer said about the caller. */
  caller?: CallerContext;
}

/** The response that a client of the HTTP API gets. */
export interface ClientResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** The body, parsed. */
  json<T = unknown>(): T;
}

/** Sends a request through the function's route, as the HTTP API does. */
export async function send(fn: LambdaFunction, request: HttpRequest, options?: Timeout): Promise<ClientResponse> {
  return received(await fn.invoke(httpApiEvent(request), options));
}

/** Fails, showing the response's body, unless the status is a success. */
export function assertOk({ status, body }: ClientResponse): void {
  assert.ok(status >= 200 && status < 300, `${status} ${body}`);
}

/** The event (payload 2.0) that an HTTP API makes of a request. */
export function httpApiEvent({ route, target, headers = {}, body, caller }: HttpRequest) {
  const url = new URL(target, 'https://gateway.example');
  const [method, template] = route.split(' ');
  const asText = TEXT.test((headers['content-type'] ?? '').split(';')[0].trim());
  const parameters = pathParameters(template, url.pathname);
  return {
    version: '2.0',
    routeKey: route,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: { host: url.host, 'x-forwarded-proto': 'https', ...headers },
    ...(url.search && { queryStringParameters: joined(url.searchParams) }),
    ...(parameters && { pathParameters: parameters }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'gateway',
      domainName: url.host,
      domainPrefix: 'gateway',
      http: { method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: route,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
      ...(caller && { authorizer: { lambda: caller } }),
    },
    ...(body !== undefined && { body: Buffer.from(body).toString(asText ? 'utf8' : 'base64') }),
    isBase64Encoded: body !== undefined && !asText,
  };
}

function received({ statusCode, headers, body = '', isBase64Encoded = false }: HttpResponse): ClientResponse {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers, body: bytes, json: () => JSON.parse(bytes.toString()) };
}

function pathParameters(template: string, path: string): Record<string, string> | undefined {
  const values = path.split('/');
  const named = template
    .split('/')
    .flatMap((part, i) => (part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(values[i])]] : []));
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/** A repeated parameter comes once, its values joined by commas. */
function joined(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}
