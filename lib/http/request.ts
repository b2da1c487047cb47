import type { Caller } from '../access/caller.ts';
import type { NamingMode } from '../access/modes.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';
import type { PathOf, RouteKey } from './api.ts';
import type { EndTask } from './end-tasks.ts';
import type { Query } from './query.ts';

/** A request as a route sees it. */
export interface GatewayRequest<Key extends RouteKey = RouteKey> {
  readonly method: string;
  readonly route: RouteKey;
  /** The parameters in the route's path, parsed. */
  readonly path: PathOf<Key>;
  /** Read it with `parseQuery`. Throws BadRequest when the query string cannot be decoded. */
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Content-Type in lower case without parameters; null when absent or empty. */
  readonly mediaType: string | null;
  readonly requestId: string;
  /** The URL in front of the API's paths, as the caller reached it: scheme, host and stage. */
  readonly baseUrl: string;
  /** When API Gateway received the request, in Unix milliseconds by its clock, which may be ahead; null if the event does not say. */
  readonly arrivedAt: number | null;
  /** The same, or else when this process received it: never later than that. */
  readonly since: number;
  /** By when the response must be ready, in Unix milliseconds. */
  readonly deadline: number;
  /** When the invocation ends, in Unix milliseconds: nothing can be sent after it. Infinite in a long-running process. */
  readonly servedUntil: number;
  /** Aborted when the client has left; null where the gateway cannot know (Lambda). */
  readonly gone: AbortSignal | null;
  /** Aborted when the process is about to end; null on Lambda, where `servedUntil` says when. */
  readonly closing: AbortSignal | null;
  /** The caller, as the authorizer describes it. */
  readonly caller: Caller;
  /** The caller's name, from the authorizer or from Kafka; null when neither gave one. */
  principal: string | null;
  /** The authentication mode that gave this name. */
  mode?: NamingMode | undefined;
  /** The request's part in a trace; null without tracing. */
  readonly trace?: RequestTrace | null;
  /** The caller's IP address; empty when the event does not have it. */
  readonly sourceAddress: string;
  /** Headers that every response of this request gets, including errors; names in lower case. */
  readonly responseHeaders: Record<string, string>;
  /** The body's bytes, decoded and decompressed, in a buffer that the caller may keep; see `readBody` for the limit and the errors. */
  body(limit?: number): Promise<Buffer>;
  /** Runs a task once the route has finished, successfully or not, before the response is sent; for a stream, after the stream's end. */
  onEnd(task: EndTask): void;
  /** Runs a task every `everyMs` milliseconds while a stream is being sent. */
  whileServed(everyMs: number, task: EndTask): void;
}
