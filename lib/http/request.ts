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
  /** To be read with `parseQuery`. Throws BadRequest where the query string cannot be decoded. */
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Content-Type in lower case without parameters; null when absent or empty. */
  readonly mediaType: string | null;
  readonly requestId: string;
  /** The URL in front of the API's paths, as the caller reached it: scheme, host and stage. */
  readonly baseUrl: string;
  /** When the answer must be known, in Unix milliseconds. */
  readonly deadline: number;
  /** When whoever serves the request ends, in Unix milliseconds: nothing can be sent after it. Infinite for a process that lives on. */
  readonly servedUntil: number;
  /** Aborted when the client has left; null where nobody can know. */
  readonly gone: AbortSignal | null;
  /** Aborted when whoever serves the request is about to end; null where that has a time. */
  readonly closing: AbortSignal | null;
  /** The caller, as the authorizer says. */
  readonly caller: Caller;
  /** The caller's name, as the authorizer says, or Kafka; null when neither has. */
  principal: string | null;
  /** The mode by which that name is known. */
  mode?: NamingMode | undefined;
  /** Its part in a trace; null where there are none. */
  readonly trace?: RequestTrace | null;
  /** The caller's address; empty when the event does not have it. */
  readonly sourceAddress: string;
  /** Headers of the response, whichever it is, an error's too; names in lower case. */
  readonly responseHeaders: Record<string, string>;
  /** The body's bytes, decoded and decompressed into a buffer of the caller's own; see `readBody` for the limit and the errors. */
  body(limit?: number): Promise<Buffer>;
  /** Has something done once the route is through with the request, whatever came of it, and before the response is handed over; after its end, for a stream. */
  onEnd(task: EndTask): void;
  /** Has something done every so many milliseconds, while a stream is on its way. */
  whileServed(everyMs: number, task: EndTask): void;
}
