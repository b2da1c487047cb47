import middy from '@middy/core';
import { deadlineOf } from '../deadline.ts';
import { receive } from '../events/http-api.ts';
import { readRanOut, routeNotServed, timeRanOut } from '../messages/requests.ts';
import { beginWork } from '../metrics/work.ts';
import type { RouteKey } from './api.ts';
import { compressed } from './compressed-response.ts';
import { errorResponse } from './error-response.ts';
import { expectBytes } from './heap-growth.ts';
import type { GatewayContext, GatewayMiddleware, MiddlewareRequest, RequestState } from './middleware.ts';
import type { GatewayRequest } from './request.ts';
import { requestLog } from './request-log.ts';
import { type GatewayResponse, type GatewayResult, toResult } from './response.ts';
import { RoutedRequest, type Service } from './routed-request.ts';

/** A route's function. An error that it throws becomes a response: of its own for a {@link GatewayError}, else 500. */
export type Route<Key extends RouteKey = RouteKey> = (request: GatewayRequest<Key>) => Promise<GatewayResponse> | GatewayResponse;

/** The routes that a function serves. */
export type Routes = { readonly [Key in RouteKey]?: Route<Key> };

/** A Lambda handler for API Gateway's HTTP API (payload format 2.0). It always resolves. */
export type GatewayHandler = (event: unknown, context: GatewayContext) => Promise<GatewayResult>;

/**
 * Makes a Lambda handler from routes. Each request is matched against the whole API, passes the middleware in the given order, and goes
 * to its route.
 * @example export const handler = gatewayHandler({ 'POST /admin/topics': createTopic }, jsonBody());
 */
export function gatewayHandler(routes: Routes, ...middleware: GatewayMiddleware[]): GatewayHandler {
  const dispatch = async (request: unknown): Promise<GatewayResult> => {
    if (!(request instanceof RoutedRequest)) throw new TypeError('A middleware has replaced the request');
    const route = routes[request.route];
    if (route === undefined) return elsewhere(request);
    let result: GatewayResult | null = null;
    try {
      result = toResult(await route(request), request.requestId);
      const { stream } = result;
      return stream === undefined ? result : { ...result, stream: { ...stream, chunks: request.during(stream.chunks) } };
    } finally {
      if (result?.stream === undefined) await request.end();
    }
  };
  return middy<unknown, GatewayResult, Error, GatewayContext, RequestState>(dispatch, beforeTheTimeout)
    .use(requestLog)
    .use(compressed)
    .use(completed)
    .use(errorResponse)
    .use(routeRequest)
    .use(middleware);
}

/**
 * API Gateway matches paths exactly, so a path with a trailing slash reaches a function that does not serve its route: redirect the
 * client to the path without the slash.
 */
function elsewhere({ route, pathWithoutSlash, requestId }: RoutedRequest): GatewayResult {
  if (pathWithoutSlash === null) throw routeNotServed(route);
  return toResult({ status: 308, headers: { location: pathWithoutSlash }, body: '' }, requestId);
}

/** Replaces the event with the typed request. */
const routeRequest: GatewayMiddleware = {
  before(request) {
    request.internal.startedAt = performance.now();
    beginWork(request.internal.startedAt);
    request.internal.routed = null;
    request.internal.received = receive(request.event, request.context);
    expectBytes(request.internal.received.body.text.length);
    const { context } = request;
    request.internal.routed = new RoutedRequest(request.internal.received, deadlineOf(context), serviceOf(context));
    request.event = request.internal.routed;
  },
  onError(request) {
    if (!(request.error instanceof OutOfTime)) return;
    request.error = /^(?:GET|HEAD)$/.test(request.internal.received.method) ? readRanOut() : timeRanOut();
  },
};

function serviceOf(context: GatewayContext): Service {
  const { process } = context;
  if (process !== undefined) return { servedUntil: Number.POSITIVE_INFINITY, ...process };
  return { servedUntil: Date.now() + (context.getRemainingTimeInMillis?.() ?? 0) };
}

/** Thrown from middy's hook, which does not know the request: `routeRequest` replaces it with the error for the client. */
class OutOfTime extends Error {}

/** Runs after {@link errorResponse}, so that errors get the request's headers too, and HEAD gets no body. */
const completed: GatewayMiddleware = { after: complete, onError: complete };

function complete({ internal: { routed, received }, response }: MiddlewareRequest): void {
  if (!response) return;
  if (routed !== null) Object.assign(response.headers, routed.responseHeaders);
  if (received.method !== 'HEAD') return;
  response.body = '';
  delete response.headers['content-encoding'];
  delete response.isBase64Encoded;
}

/** A safety net below the deadline that every route keeps: the client gets a 504 of the gateway, not the platform's. */
const beforeTheTimeout = {
  timeoutEarlyInMillis: 200,
  timeoutEarlyResponse() {
    throw new OutOfTime();
  },
};
