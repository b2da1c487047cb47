import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { ReceivedEvent } from '../events/http-api.ts';
import type { GatewayResult } from './response.ts';
import type { RoutedRequest } from './routed-request.ts';

/** The state of one request, for the gateway's middleware. */
export interface RequestState extends Record<string, unknown> {
  /** From `performance.now()`. */
  startedAt: number;
  received: ReceivedEvent;
  /** Null until the route is known. */
  routed: RoutedRequest | null;
}

/** The context of a Lambda invocation, or of a request to a long-running process. */
export type GatewayContext = Context & {
  /** The signals of a long-running process. Lambda has none: there, a request is served until the invocation times out. */
  readonly process?: {
    /** Aborted when the client has left. */
    readonly gone: AbortSignal;
    /** Aborted when the process is about to end. */
    readonly closing: AbortSignal;
  };
};

/** A middy middleware of the gateway's stack. */
export type GatewayMiddleware = MiddlewareObj<unknown, GatewayResult, Error, GatewayContext, RequestState>;

/** The argument of such a middleware. */
export type MiddlewareRequest = Request<unknown, GatewayResult, Error, GatewayContext, RequestState>;
