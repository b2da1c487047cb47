import type { Context } from 'aws-lambda';
import { clusterFor } from '../../admission/cluster-for.ts';
import type { Subject } from '../../admission/subject.ts';
import { accessConfig } from '../../config/access.ts';
import { awsAccess } from '../../config/aws.ts';
import { bodyConfig } from '../../config/body.ts';
import { socketsConfig } from '../../config/sockets.ts';
import { deadlineOf, expires } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { receiveSocketEvent, type SocketEvent } from '../../events/websocket.ts';
import { readBody } from '../../http/body.ts';
import { doAll, type EndTask } from '../../http/end-tasks.ts';
import { asGatewayError } from '../../http/error-response.ts';
import { logAnswer, logError } from '../../http/request-log.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { notAMessage } from '../../messages/pubsub.ts';
import { timeRanOut } from '../../messages/requests.ts';
import { beginWork } from '../../metrics/work.ts';
import { json, protobuf } from '../../pubsub/form.ts';
import { MAX_MESSAGE_BYTES } from '../../sockets/pushes.ts';
import type { SocketSubscriptions } from '../../sockets/socket-subscription.ts';
import { log } from '../../telemetry/log.ts';
import { answerMessages } from './answer-messages.ts';
import { errorReply } from './error.ts';
import { socketOf } from './subscribe.ts';

/** The response to API Gateway: whether a handshake succeeds, or the frame that answers a message. */
export interface SocketResult {
  statusCode: number;
  body?: string;
}

/**
 * A Lambda handler for the routes `$connect`, `$default` and `$disconnect` of a WebSocket API, which sends the results as route responses.
 * It always resolves.
 */
export type SocketHandler = (event: unknown, context: Context) => Promise<SocketResult>;

/** A safety net: after the deadline that all code below keeps, and before Lambda stops the function. */
const LAST_MS = 300;

/**
 * Makes the handler of the WebSocket. API Gateway supports text frames only: each carries a `PubSubReq` in base64 or JSON, and gets a frame
 * with the `PubSubResp` in the same form.
 *
 * @param held keeps subscriptions if this process holds the connections; null if API Gateway holds them and the gateway's table keeps them
 */
export function pubsubSocket(held: SocketSubscriptions | null = null): SocketHandler {
  return async (event, context) => {
    const received = receiveSocketEvent(event, context);
    if (received.type === 'CONNECT') return connect(received, context);
    if (received.type === 'MESSAGE') return answer(received, context, held);
    if (received.type === 'DISCONNECT') await forget(received, context, held);
    return { statusCode: 200 };
  };
}

/** The store of subscriptions; null when there is none. @throws {GatewayError} InternalError when it is misconfigured */
async function subscriptionsOf(held: SocketSubscriptions | null): Promise<SocketSubscriptions | null> {
  const config = held === null ? socketsConfig() : null;
  if (config === null) return held;
  // Only the zips of deployments with such subscriptions contain it.
  const { storedSubscriptions } = await import('../../sockets/stored-subscriptions.optional.ts');
  return storedSubscriptions(config, awsAccess);
}

/** Removes the subscriptions of a closed connection. If that fails, the first push that finds the connection gone removes them. */
async function forget({ connectionId, requestId }: SocketEvent, context: Context, held: SocketSubscriptions | null): Promise<void> {
  try {
    await (await subscriptionsOf(held))?.forget(connectionId, deadlineOf(context));
  } catch (error) {
    log.warn('cleanup_failed', 'The subscriptions of a connection that is closed cannot be removed', { requestId, error });
  }
}

/** Refuses the handshake if every message would be refused. */
async function connect(received: SocketEvent, context: Context): Promise<SocketResult> {
  const { error } = await serve(received, context, async () => null);
  const { connectionId, requestId } = received;
  const statusCode = error?.status ?? 200;
  log.info('connect', 'connect', { requestId, connectionId, status: statusCode });
  return { statusCode };
}

async function answer(received: SocketEvent, context: Context, held: SocketSubscriptions | null): Promise<SocketResult> {
  const text = received.text.trim();
  const isJson = text.startsWith('{');
  const form = isJson ? json : protobuf;
  const { value, error } = await serve(received, context, async (subject, cluster) => {
    const bytes = await readBody({ text, isBase64: !isJson, contentEncoding: undefined }, bodyConfig().maxBytes).catch(unreadable);
    const socket = socketOf(received.connectionId, await subscriptionsOf(held));
    const responses = await answerMessages([bytes], { subject, cluster, form, maxBodyBytes: MAX_MESSAGE_BYTES, socket });
    return form.write(responses, false).body;
  });
  if (error === null) return { statusCode: 200, body: value };
  const reply = errorReply(error, undefined);
  return { statusCode: 200, body: form.write([{ sequence: 0n, reply: { kind: 'error', ...reply } }], false).body };
}

function unreadable(cause: unknown): never {
  if (!(cause instanceof GatewayError) || cause.name !== 'BadRequest') throw cause;
  throw notAMessage();
}

type Served<Value> = { value: Value; error: null } | { value: null; error: GatewayError };

/** Executes something for the caller who opened the connection, after the first checks. It always resolves, and logs the request. */
async function serve<Value>(
  received: SocketEvent,
  context: Context,
  act: (subject: Subject, cluster: Cluster) => Promise<Value>,
): Promise<Served<Value>> {
  const startedAt = performance.now();
  beginWork(startedAt);
  const { requestId, sourceAddress, caller } = received;
  const ends: EndTask[] = [];
  const subject: Subject = {
    caller,
    principal: caller.principal,
    mode: caller.mode,
    sourceAddress,
    headers: {},
    deadline: deadlineOf(context),
    requestId,
    responseHeaders: {},
    onEnd: (task) => void ends.push(task),
    isLasting: true,
  };
  let served: Served<Value>;
  try {
    const known = { ...subject, ...callerOf(received) };
    subject.principal = known.principal;
    subject.mode = known.mode;
    const doing = clusterFor(known).then((cluster) => act(known, cluster));
    if (await expires(doing, subject.deadline + LAST_MS)) throw timeRanOut();
    served = { value: await doing, error: null };
  } catch (thrown) {
    served = { value: null, error: asGatewayError(thrown, requestId) };
  } finally {
    await doAll(ends, requestId);
  }
  const { error } = served;
  const { principal, mode } = subject;
  if (error !== null) logError(error, { requestId, principal });
  logAnswer({
    ...{ requestId, startedAt, principal, mode, error },
    route: 'POST /pubsub',
    method: 'POST',
    status: error?.status ?? 200,
    bytesIn: Buffer.byteLength(received.text),
    bytesOut: 0,
  });
  return served;
}

/**
 * Who gives a command. With IAM, API Gateway authenticates the handshake, but may not repeat the caller's name with each message. Such a
 * caller gets the connection's name: only grants for everyone apply, and limits count the address.
 */
function callerOf({ caller, connectionId }: SocketEvent): Pick<Subject, 'caller' | 'principal' | 'mode' | 'passing'> {
  const isUnnamed = caller.principal === null && connectionId !== '' && accessConfig().modes.includes('iam');
  if (!isUnnamed) return { caller, principal: caller.principal, mode: caller.mode };
  const named = { principal: `connection:${connectionId}`, mode: 'iam' } as const;
  return { caller: { ...caller, ...named }, ...named, passing: true };
}
