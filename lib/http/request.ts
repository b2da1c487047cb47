import type { Caller } from '../access/caller.ts';
import { GatewayError } from '../errors.ts';
import { log } from '../telemetry/log.ts';
import { api, type PathOf, type PathParameters, type RouteKey } from './api.ts';
import { baseUrl } from './base-url.ts';
import { readBody } from './body.ts';
import type { InvocationContext, ReceivedEvent } from './event.ts';
import { essence } from './media-types.ts';
import { type Query, readQuery } from './query.ts';
import { matchRoute } from './router.ts';

/** What is left to do for a request that has its answer; its failure is logged. */
export type EndTask = () => void | Promise<void>;

/** A request as a route sees it. */
export interface GatewayRequest<Key extends RouteKey = RouteKey> {
  readonly method: string;
  readonly route: RouteKey;
  /** The parameters in the route's path, parsed. */
  readonly path: PathOf<Key>;
  /** To be read with `parseQuery`. Throws BadRequest where the query string cannot be decoded. */
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Content-Type in lower case without parameters; null when absent or empty. */
  readonly mediaType: string | null;
  readonly requestId: string;
  /** What the paths of the API follow in URLs, as the caller reached it: scheme, host and stage. */
  readonly baseUrl: string;
  /** When the answer must be known, in Unix milliseconds. */
  readonly deadline: number;
  /** Who is calling, as the authorizer says. */
  readonly caller: Caller;
  /** The caller's name, as the authorizer says, or Kafka; null when neither has. */
  principal: string | null;
  /** The caller's address; empty when the event does not have it. */
  readonly sourceAddress: string;
  /** What whatever response the request gets will carry, an error's too; names in lower case. */
  readonly responseHeaders: Record<string, string>;
  /** The body as JSON, on routes behind the `jsonBody` middleware; undefined on others. */
  readonly json: unknown;
  /** The body's bytes, decoded and decompressed into a buffer of the caller's own; see `readBody` for the limit and the errors. */
  body(limit?: number): Promise<Buffer>;
  /** Has something done once the route is through with the request, whatever came of it, and before the response is handed over. */
  onEnd(task: EndTask): void;
}

/** API Gateway gives up after 30 s and Lambda at its own time-out; a request must be answered before either. */
const LONGEST_REQUEST_MS = 29_000;

/** Kept back to encode the answer and hand it over, with room for a pause of the garbage collector. */
const ANSWER_MARGIN_MS = 500;

/** When the answer must be known, in Unix milliseconds. */
export function deadlineOf(context: InvocationContext): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? LONGEST_REQUEST_MS;
  return Date.now() + Math.min(remaining, LONGEST_REQUEST_MS) - ANSWER_MARGIN_MS;
}

/**
 * API Gateway may hand over a path whose escapes are decoded. Where a name had `%2F` in it, the path that is left may be that of another
 * route than the one which was asked for, and authorized.
 */
const isOther = (chosen: string, found: RouteKey): boolean => chosen !== found && api.some((key) => key === chosen);

const ambiguous = () => new GatewayError('BadRequest', 'This path has an escaped slash in a name, which API Gateway does not keep apart');

/** A received event whose route is known. */
export class RoutedRequest implements GatewayRequest {
  readonly method: string;
  readonly route: RouteKey;
  readonly path: PathParameters;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly mediaType: string | null;
  readonly requestId: string;
  readonly deadline: number;
  readonly caller: Caller;
  principal: string | null;
  readonly sourceAddress: string;
  readonly responseHeaders: Record<string, string> = {};
  json: unknown = undefined;
  readonly #event: ReceivedEvent;
  #ends: EndTask[] | null = null;
  #query: Query | undefined;

  /** @throws {GatewayError} when no route takes the request, or when the event is none of an HTTP API */
  constructor(event: ReceivedEvent, deadline: number) {
    if (event.method === '') {
      throw new GatewayError(
        'BadRequest',
        'The event is not one of an API Gateway HTTP API (payload format 2.0): requestContext.http.method is missing',
      );
    }
    const { route, path } = matchRoute(event.method, event.path);
    if (isOther(event.routeKey, route)) throw ambiguous();
    this.method = event.method;
    this.route = route;
    this.path = path;
    this.headers = event.headers;
    this.mediaType = essence(event.headers['content-type'] ?? '') || null;
    this.requestId = event.requestId;
    this.deadline = deadline;
    this.caller = event.caller;
    this.principal = event.caller.principal;
    this.sourceAddress = event.sourceAddress;
    this.#event = event;
  }

  get query(): Query {
    this.#query ??= readQuery(this.#event.queryString);
    return this.#query;
  }

  get baseUrl(): string {
    return baseUrl(this.headers, this.#event.stagePath);
  }

  body(limit?: number): Promise<Buffer> {
    return readBody(this.#event.body, limit);
  }

  onEnd(task: EndTask): void {
    this.#ends ??= [];
    this.#ends.push(task);
  }

  /** Does what `onEnd` was given, once. It always resolves. */
  async end(): Promise<void> {
    if (this.#ends !== null) await doAll(this.#ends.splice(0), this.requestId);
  }
}

/** Does what was left to do at the end. It always resolves. */
export async function doAll(tasks: readonly EndTask[], requestId: string): Promise<void> {
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      log.warn('cleanup_failed', 'What was to be done after the request failed', { requestId, error });
    }
  }
}
