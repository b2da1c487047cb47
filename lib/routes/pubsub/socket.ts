import type { Context } from 'aws-lambda';
import { functionHandler } from '../../admission/function-handler.ts';
import { accessConfig } from '../../config/access.ts';
import { GatewayError } from '../../errors.ts';
import type { GatewayHandler } from '../../http/gateway-handler.ts';
import { asHttpEvent, receiveSocketEvent, type SocketEvent } from '../../http/socket-event.ts';
import { notAMessage } from '../../messages/pubsub.ts';
import { json, protobuf } from '../../pubsub/form.ts';
import { log } from '../../telemetry/log.ts';
import { errorReply } from './error.ts';
import { pubsub } from './pubsub.ts';

/** What API Gateway is answered: to a handshake whether it succeeds, to a message what goes back to the client. */
export interface SocketResult {
  statusCode: number;
  body?: string;
}

/** A Lambda handler for the routes `$connect` and `$default` of a WebSocket API, whose route responses are its results. It always resolves. */
export type SocketHandler = (event: unknown, context: Context) => Promise<SocketResult>;

/** API Gateway sends messages of 128 KB, in frames that it cuts itself. */
const MAX_MESSAGE_BYTES = 128_000;
const PATH = '/pubsub';

/**
 * Makes the handler of the WebSocket. API Gateway takes text frames only: each carries a `PubSubReq` in base64 or in JSON, and is
 * answered by a frame that carries its `PubSubResp` in the same form. It is obeyed as if it came by `POST /pubsub`.
 */
export function pubsubSocket(): SocketHandler {
  const serve = functionHandler({ 'POST /pubsub': pubsub(MAX_MESSAGE_BYTES) });
  return async (event, context) => {
    const received = known(receiveSocketEvent(event));
    if (received.type === 'CONNECT') return connect(received, context, serve);
    if (received.type === 'MESSAGE') return answer(received, context, serve);
    return { statusCode: 200 };
  };
}

/** Whoever may send nothing at all by POST may open no connection. */
async function connect(received: SocketEvent, context: Context, serve: GatewayHandler): Promise<SocketResult> {
  const nothing = { path: PATH, contentType: `${protobuf.mediaType}; encoding=delimited`, body: '', isBase64Encoded: false };
  const { statusCode } = await serve(asHttpEvent(received, nothing), context);
  const { connectionId, requestId } = received;
  log.info('connect', { requestId, connectionId, status: statusCode });
  return { statusCode };
}

async function answer(received: SocketEvent, context: Context, serve: GatewayHandler): Promise<SocketResult> {
  const text = received.text.trim();
  const isJson = text.startsWith('{');
  const form = isJson ? json : protobuf;
  const message = { path: PATH, contentType: form.mediaType, body: text, isBase64Encoded: !isJson };
  const { statusCode, body } = await serve(asHttpEvent(received, message), context);
  if (statusCode === 200) return { statusCode, body };
  const reply = errorReply(errorOf(statusCode, body), undefined);
  return { statusCode: 200, body: form.write([{ sequence: 0n, reply: { kind: 'error', ...reply } }], false).body };
}

/**
 * Where API Gateway asks whoever opens a connection for AWS credentials, but does not say with each message whose they were, the caller
 * has the connection's name: grants for everyone hold, those for a principal do not.
 */
function known(received: SocketEvent): SocketEvent {
  const { authorizer, connectionId } = received;
  if (authorizer !== null || connectionId === '' || !asksForIam()) return received;
  return { ...received, authorizer: { iam: { userArn: `connection:${connectionId}` } } };
}

function asksForIam(): boolean {
  try {
    return accessConfig().modes.includes('iam');
  } catch {
    // Whoever serves the message finds the same, and says it.
    return false;
  }
}

/** What kept the message from being answered. */
function errorOf(status: number, body: string): GatewayError {
  if (status === 400) return notAMessage();
  const { message }: { message: string } = JSON.parse(body);
  const name = ({ 401: 'Unauthorized', 413: 'TooLarge', 504: 'DeadlineExceeded' } as const)[status] ?? 'InternalError';
  return new GatewayError(name, message);
}
