import { type JsonMembers, membersOf } from '../json/json-members.ts';

/** What the gateway reads of an API Gateway WebSocket event. */
export interface SocketEvent {
  /** `CONNECT` for the handshake, `MESSAGE` for a text frame; `DISCONNECT`, or another. */
  readonly type: string;
  readonly connectionId: string;
  /** Of the frame; empty in other events. */
  readonly text: string;
  /** The handshake's, or the message's. */
  readonly requestId: unknown;
  readonly sourceIp: unknown;
  /** Who opened the connection, as an HTTP API's `requestContext.authorizer` says it. */
  readonly authorizer: { lambda: object } | { iam: { userArn: string } } | null;
}

/** Reads an event. Never throws: what is missing or of another type counts as absent. */
export function receiveSocketEvent(event: unknown): SocketEvent {
  const fields = membersOf(event);
  const context = membersOf(fields.requestContext);
  const identity = membersOf(context.identity);
  return {
    type: asText(context.eventType),
    connectionId: asText(context.connectionId),
    text: asText(fields.body),
    requestId: context.requestId,
    sourceIp: identity.sourceIp,
    authorizer: authorizerOf(membersOf(context.authorizer), asText(identity.userArn)),
  };
}

function authorizerOf(lambda: JsonMembers, userArn: string): SocketEvent['authorizer'] {
  if (asText(lambda.principalId) !== '') return { lambda };
  return userArn === '' ? null : { iam: { userArn } };
}

/** The request of an HTTP API that a message stands for: the functions that serve those serve it, too. */
export const asHttpEvent = (
  { requestId, sourceIp, authorizer }: SocketEvent,
  { path, contentType, body, isBase64Encoded }: { path: string; contentType: string; body: string; isBase64Encoded: boolean },
): object => ({
  version: '2.0',
  rawPath: path,
  headers: { 'content-type': contentType },
  requestContext: { requestId, http: { method: 'POST', path, sourceIp }, ...(authorizer !== null && { authorizer }) },
  body,
  isBase64Encoded,
});

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
