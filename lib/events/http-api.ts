import { type Caller, readCaller } from '../access/caller.ts';
import { type JsonMembers, membersOf } from '../json/json-members.ts';

/** A request body, as the event encodes it. */
export interface EncodedBody {
  readonly text: string;
  /** API Gateway encodes all bodies except those of a few text types. */
  readonly isBase64: boolean;
  /** The `Content-Encoding` header. */
  readonly contentEncoding: string | undefined;
}

/** The parts of an API Gateway HTTP API event (payload format 2.0) that the gateway reads, normalized. */
export interface ReceivedEvent {
  /** Empty if this is not an HTTP API event. */
  readonly method: string;
  /** As sent, still percent-encoded, without the stage. */
  readonly path: string;
  /** The stage's prefix of the path: `/dev`, or empty. */
  readonly stagePath: string;
  /** Without the question mark. */
  readonly queryString: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: EncodedBody;
  /** Identifies the request in the response and in the log; safe in a header. */
  readonly requestId: string;
  /** When API Gateway received the request, in Unix milliseconds by its clock; null if the event does not say. */
  readonly arrivedAt: number | null;
  /** The route that API Gateway chose, by its name in the template; `$default` if the event does not say. */
  readonly routeKey: string;
  /** The caller, by API Gateway's authorizer. */
  readonly caller: Caller;
  /** The address that connected to API Gateway, never one from a header. Empty if the event does not have it. */
  readonly sourceAddress: string;
}

/** The parts of Lambda's context that the gateway reads; in tests and on other hosts, any may be missing. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  readonly getRemainingTimeInMillis?: () => number;
}

/**
 * Reads an event. Never throws: a local emulator sends null for an absent map, and a hand-written event may lack anything; a part that is
 * missing or has another type counts as absent.
 */
export function receive(event: unknown, context: InvocationContext): ReceivedEvent {
  const fields = membersOf(event);
  const requestContext = membersOf(fields.requestContext);
  const http = membersOf(requestContext.http);
  const headers = readHeaders(membersOf(fields.headers));
  const fullPath = asText(fields.rawPath) ?? asText(http.path) ?? '';
  const stagePath = stageIn(fullPath, asText(requestContext.stage));
  return {
    method: asText(http.method) ?? '',
    path: stagePath === '' ? fullPath : fullPath.slice(stagePath.length) || '/',
    stagePath,
    queryString: asText(fields.rawQueryString) || joinQuery(fields.queryStringParameters),
    headers,
    body: { text: asText(fields.body) ?? '', isBase64: fields.isBase64Encoded === true, contentEncoding: headers['content-encoding'] },
    requestId: safeId(asText(requestContext.requestId)) ?? safeId(context.awsRequestId ?? null) ?? crypto.randomUUID(),
    arrivedAt: arrival(requestContext.timeEpoch, Date.now()),
    routeKey: asText(fields.routeKey) ?? '$default',
    caller: readCaller(membersOf(requestContext.authorizer)),
    sourceAddress: asText(http.sourceIp) ?? '',
  };
}

/**
 * API Gateway waits no longer than this for an answer: an event from before was written by hand. One from so long after was, too, but the
 * clock of this process may be behind.
 */
const LONGEST_MS = 30_000;

const arrival = (time: unknown, now: number): number | null =>
  typeof time === 'number' && Math.abs(time - now) < LONGEST_MS ? time : null;

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function stageIn(path: string, stage: string | null): string {
  if (stage === null || stage === '' || stage === '$default') return '';
  const prefix = `/${stage}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? prefix : '';
}

/** Hand-written events may have only the parsed parameters. */
function joinQuery(parameters: unknown): string {
  if (!parameters) return '';
  // encodeURIComponent would throw for half of a surrogate pair.
  return String(new URLSearchParams(Object.entries(membersOf(parameters)).filter(isText)));
}

const isText = (pair: [string, unknown]): pair is [string, string] => typeof pair[1] === 'string';

/** API Gateway sends only lower-case names and strings; then the event's own object is used. */
function readHeaders(headers: JsonMembers): Readonly<Record<string, string>> {
  if (areNormal(headers)) return headers;
  // Without a prototype, a header named __proto__ is like any other.
  const normal: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') normal[name.toLowerCase()] = value;
  }
  return normal;
}

function areNormal(headers: JsonMembers): headers is Readonly<Record<string, string>> {
  for (const name in headers) {
    if (typeof headers[name] !== 'string' || name !== name.toLowerCase()) return false;
  }
  return true;
}

const SAFE_ID = /^[\w.:=+/-]{1,128}$/;

/** The id if it is safe in a header and in the log; otherwise null. */
export const safeId = (id: string | null): string | null => (id !== null && SAFE_ID.test(id) ? id : null);
