import type { Caller } from '../access/caller.ts';
import type { NamingMode } from '../access/modes.ts';
import type { ReceivedEvent } from '../events/http-api.ts';
import { escapedSlash, methodNotAllowed, notAnHttpEvent } from '../messages/requests.ts';
import { RequestTrace, tracingSettings } from '../telemetry/request-trace.ts';
import { api, type PathParameters, type RouteKey } from './api.ts';
import { baseUrl } from './base-url.ts';
import { readBody } from './body.ts';
import { doAll, type EndTask } from './end-tasks.ts';
import { essence } from './media-types.ts';
import { type Query, readQuery } from './query.ts';
import type { GatewayRequest } from './request.ts';
import { matchRoute } from './router.ts';

/**
 * API Gateway may pass a path with decoded escapes. If a name contained `%2F`, the decoded path may match another route than the one that
 * API Gateway matched and authorized.
 */
function isOther(chosen: string, found: RouteKey): boolean {
  if (chosen === found) return false;
  const asGet = chosen.replace(/^HEAD /, 'GET ');
  return asGet !== found && api.some((key) => key === asGet);
}

/** How long a request can be served, and signals that tell when to stop. */
export interface Service {
  servedUntil?: number;
  gone?: AbortSignal | null;
  closing?: AbortSignal | null;
}

/** A received event whose route is known. */
export class RoutedRequest implements GatewayRequest {
  readonly method: string;
  readonly route: RouteKey;
  readonly path: PathParameters;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly mediaType: string | null;
  readonly requestId: string;
  readonly arrivedAt: number | null;
  readonly since: number;
  readonly deadline: number;
  readonly servedUntil: number;
  readonly gone: AbortSignal | null;
  readonly closing: AbortSignal | null;
  readonly caller: Caller;
  principal: string | null;
  mode: NamingMode | undefined;
  readonly sourceAddress: string;
  readonly trace: RequestTrace | null;
  readonly responseHeaders: Record<string, string> = {};
  readonly #event: ReceivedEvent;
  #ends: EndTask[] | null = null;
  #repeated: { everyMs: number; task: EndTask }[] = [];
  #query: Query | undefined;

  /** @throws {GatewayError} when no route matches the request, or when the event is not of an HTTP API */
  constructor(event: ReceivedEvent, deadline: number, { servedUntil = deadline, gone = null, closing = null }: Service = {}) {
    if (event.method === '') throw notAnHttpEvent();
    const { route, path } = matchRoute(event.method === 'HEAD' ? 'GET' : event.method, event.path);
    // A HEAD would move the consumer past records that nobody received.
    if (event.method === 'HEAD' && /^GET \/consumers\/.*\/records$/.test(route))
      throw methodNotAllowed.with({ headers: { allow: 'GET' } }, event.path, 'GET');
    if (isOther(event.routeKey, route)) throw escapedSlash();
    this.method = event.method;
    this.route = route;
    this.path = path;
    this.headers = event.headers;
    this.mediaType = essence(event.headers['content-type'] ?? '') || null;
    this.requestId = event.requestId;
    this.arrivedAt = event.arrivedAt;
    const now = Date.now();
    this.since = Math.min(event.arrivedAt ?? now, now);
    this.deadline = deadline;
    this.servedUntil = servedUntil;
    this.gone = gone;
    this.closing = closing;
    this.caller = event.caller;
    this.principal = event.caller.principal;
    this.mode = event.caller.mode;
    this.sourceAddress = event.sourceAddress;
    this.trace = tracingSettings.headers || tracingSettings.exportTo !== null ? new RequestTrace(event.headers) : null;
    this.#event = event;
  }

  get query(): Query {
    this.#query ??= readQuery(this.#event.queryString);
    return this.#query;
  }

  get baseUrl(): string {
    return baseUrl(this.headers, this.#event.stagePath);
  }

  /** The URL without the slashes at the end of its path; null when it has none. */
  get pathWithoutSlash(): string | null {
    const { path, queryString } = this.#event;
    const bare = path.replace(/\/+$/, '');
    return bare === '' || bare === path
      ? null
      : `${this.baseUrl}${new URL(bare, 'http://gateway').pathname}${queryString && `?${queryString}`}`;
  }

  body(limit?: number): Promise<Buffer> {
    return readBody(this.#event.body, limit);
  }

  onEnd(task: EndTask): void {
    this.#ends ??= [];
    this.#ends.push(task);
  }

  whileServed(everyMs: number, task: EndTask): void {
    this.#repeated.push({ everyMs, task });
  }

  /** Runs the tasks of `whileServed` until the stream ends, then those of `onEnd`. */
  async *during(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    const timers = this.#repeated.map(({ everyMs, task }) => setInterval(() => void doAll([task], this.requestId), everyMs).unref());
    try {
      yield* chunks;
    } finally {
      for (const timer of timers) clearInterval(timer);
      await this.end();
    }
  }

  /** Runs the tasks of `onEnd`, once. It always resolves. */
  async end(): Promise<void> {
    if (this.#ends !== null) await doAll(this.#ends.splice(0), this.requestId);
  }
}
