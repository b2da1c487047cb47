import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import type { CallerContext } from '../../../lib/access/caller.ts';
import { listenDuring } from '../http/loopback.ts';
import type { LambdaFunction } from './start-function.ts';

/** Parts of an event that tests set; the rest is as API Gateway sends it. */
interface EventParts {
  headers?: Record<string, string[]>;
  /** The prefix of the path: the stage, or the base path of a custom domain. */
  front?: string;
  /** What the Lambda authorizer said. */
  authorizer?: Record<string, unknown>;
  userArn?: string;
}

/** The caller with these headers, by the Lambda authorizer; null for nobody. */
export type Authorize = (headers: IncomingHttpHeaders) => CallerContext | null;

/** The event (payload 1.0) that the REST API of infra/template/streams.ts makes of a request. */
export function restApiEvent(method: string, target: string, { headers = {}, front = '/streams', authorizer, userArn }: EventParts = {}) {
  const { pathname, searchParams } = new URL(target, 'http://gateway');
  const names = [...new Set(searchParams.keys())];
  return {
    resource: '/topics/{topics}/records',
    path: pathname,
    httpMethod: method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: headers,
    queryStringParameters: names.length === 0 ? null : Object.fromEntries(searchParams),
    multiValueQueryStringParameters: names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)])),
    pathParameters: { topics: decodeURIComponent(pathname.split('/')[2]) },
    stageVariables: null,
    requestContext: {
      resourcePath: '/topics/{topics}/records',
      httpMethod: method,
      path: `${front}${pathname}`,
      stage: 'streams',
      protocol: 'HTTP/1.1',
      requestId: randomUUID(),
      identity: { sourceIp: '192.0.2.1', userArn: userArn ?? null },
      ...(authorizer && { authorizer: { ...authorizer, integrationLatency: 12 } }),
    },
    body: null,
    isBase64Encoded: false,
  };
}

/**
 * Serves a streaming function like a REST API: passes on each piece as it comes. Returns the API's address.
 *
 * @param authorize replaces the authorizer of all requests except OPTIONS: returns the caller, or null to refuse
 */
export async function restApiOf(t: TestContext, fn: LambdaFunction, authorize?: Authorize): Promise<string> {
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    void (async () => {
      const caller = method === 'OPTIONS' ? undefined : authorize?.(request.headers);
      if (caller === null) return void response.writeHead(401).end('{"message":"Unauthorized"}');
      const parts = { headers: lists(request), ...(caller && { authorizer: caller }) };
      const { statusCode, headers, chunks } = await fn.stream(restApiEvent(method, url, parts));
      response.writeHead(statusCode, headers);
      response.flushHeaders();
      for await (const chunk of chunks ?? []) response.write(chunk);
      response.end();
    })().catch(() => response.destroy());
  });
  return listenDuring(t, server);
}

const lists = ({ headersDistinct }: IncomingMessage): Record<string, string[]> =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values ?? []]));
