import { type Caller, readCaller } from '../access/caller.ts';
import { membersOf } from '../json/json-members.ts';
import { authorizerOf } from './authorizer-of.ts';
import { type InvocationContext, safeId } from './http-api.ts';

/** The parts of an API Gateway WebSocket API event that the gateway reads. */
export interface SocketEvent {
  /** `CONNECT` for the handshake, `MESSAGE` for a text frame, `DISCONNECT`, or another. */
  readonly type: string;
  readonly connectionId: string;
  /** The text of the frame; empty in other events. */
  readonly text: string;
  /** Identifies the handshake or the message in the log; safe in a header. */
  readonly requestId: string;
  /** The address that connected to API Gateway. Empty if the event does not have it. */
  readonly sourceAddress: string;
  /** The caller who opened the connection, by API Gateway's authorizer. */
  readonly caller: Caller;
}

/** Reads an event. Never throws: a part that is missing or has another type counts as absent. */
export function receiveSocketEvent(event: unknown, context: InvocationContext = {}): SocketEvent {
  const fields = membersOf(event);
  const requestContext = membersOf(fields.requestContext);
  const identity = membersOf(requestContext.identity);
  return {
    type: asText(requestContext.eventType),
    connectionId: asText(requestContext.connectionId),
    text: asText(fields.body),
    requestId: safeId(asText(requestContext.requestId)) ?? safeId(context.awsRequestId ?? null) ?? crypto.randomUUID(),
    sourceAddress: asText(identity.sourceIp),
    caller: readCaller(authorizerOf(membersOf(requestContext.authorizer), identity)),
  };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
