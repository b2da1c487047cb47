import { type Caller, readCaller } from '../access/caller.ts';
import { type JsonMembers, membersOf } from '../json/json-members.ts';

/** A request body as the event carries it. */
export interface EncodedBody {
  readonly text: string;
  /** API Gateway encodes all bodies but those of a few text types. */
  readonly isBase64: boolean;
  /** The header `Content-Encoding`. */
  readonly contentEncoding: string | undefined;
}

/** An event of an API Gateway HTTP API (payload format 2.0), as far as the gateway reads it, each part in one shape whoever made it. */
export interface ReceivedEvent {
  /** Empty when the event is none of an HTTP API. */
  readonly method: string;
  /** As sent, still percent-encoded, without the stage. */
  readonly path: string;
  /** The stage's part in front of the path: `/dev`, or nothing. */
  readonly stagePath: string;
  /** Without the question mark. */
  readonly queryString: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: EncodedBody;
  /** Names the request in the response and in the log; safe in a header. */
  readonly requestId: string;
  /** The route that API Gateway chose, as the template names it; `$default` when it does not say. */
  readonly routeKey: string;
  /** The caller, as API Gateway's authorizer says. */
  readonly caller: Caller;
  /** The address that connected to API Gateway; never what a header says. Empty when the event does not have it. */
  readonly sourceAddress: string;
}

/** Lambda's context, as far as the gateway reads it; tests and other hosts may lack any of it. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  readonly getRemainingTimeInMillis?: () => number;
}

/**
 * Reads an event. Never throws: a local emulator sends null for an absent map, and an event written by hand may lack anything; what is
 * missing or of another type counts as absent.
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
    routeKey: asText(fields.routeKey) ?? '$default',
    caller: readCaller(membersOf(requestContext.authorizer)),
    sourceAddress: asText(http.sourceIp) ?? '',
  };
}

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function stageIn(path: string, stage: string | null): string {
  if (stage === null || stage === '' || stage === '$default') return '';
  const prefix = `/${stage}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? prefix : '';
}

/** For events written by hand that have the parsed parameters only. */
function joinQuery(parameters: unknown): string {
  if (!parameters) return '';
  return Object.entries(membersOf(parameters))
    .flatMap(([name, value]) => (typeof value === 'string' ? `${encodeURIComponent(name)}=${encodeURIComponent(value)}` : []))
    .join('&');
}

/** API Gateway sends lower-case names and nothing but strings; then the event's own object serves. */
function readHeaders(headers: JsonMembers): Readonly<Record<string, string>> {
  if (areNormal(headers)) return headers;
  // Without a prototype a header named __proto__ is one like any other.
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

/** An id that is safe in a header and in the log; null for any other text, or none. */
export const safeId = (id: string | null): string | null => (id !== null && SAFE_ID.test(id) ? id : null);
