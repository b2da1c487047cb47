import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { bodyConfig } from '../../config/body.ts';
import { doAll, type EndTask } from '../../http/end-tasks.ts';
import { asGatewayError } from '../../http/error-response.ts';
import { essence, negotiate } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { logError } from '../../http/request-log.ts';
import { type GatewayResponse, MAX_ENCODED_BYTES } from '../../http/response.ts';
import { formNotSupported, idempotencyKeyNotSupported, replyTooLarge } from '../../messages/pubsub.ts';
import { type Form, json, protobuf } from '../../pubsub/form.ts';
import type { Command, PubSubResponse } from '../../pubsub/messages.ts';
import { splitDelimited } from '../../pubsub/protobuf/reader.ts';
import { obey } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { errorReply } from './error.ts';

/** Each gets a response, and so do those that nothing can be done about. */
const MAX_MESSAGES = 1000;
/** What an error takes of a response at most; kept free for each message that is still to be answered. */
const ROOM_FOR_ERROR = 3000;
const DELIMITED = /;\s*encoding\s*=\s*"?delimited"?\s*(?:;|$)/i;

/**
 * `POST /pubsub`: a `PubSubReq` of pubsub.proto, which gets a `PubSubResp` whatever comes of it; in protobuf's wire format
 * (`application/x-protobuf`) or proto3's JSON (`application/json`). With `application/x-protobuf; encoding=delimited` there are several,
 * each with its length in front as a varint, which are obeyed one after the other.
 *
 * @param maxBodyBytes what a response can hold, as it leaves the function
 */
export const pubsub =
  (maxBodyBytes: number = MAX_ENCODED_BYTES) =>
  async (request: GatewayRequest<'POST /pubsub'>): Promise<GatewayResponse> => {
    const cluster = await kafkaCluster(request);
    if (request.headers['idempotency-key'] !== undefined) {
      throw idempotencyKeyNotSupported();
    }
    const { form, delimited, mediaType } = formOf(request.headers['content-type']);
    negotiate(request.headers.accept, [form.mediaType]);
    const body = await request.body(bodyConfig().maxBytes);
    // Before anything is done.
    const messages = delimited ? splitDelimited(body, MAX_MESSAGES) : [body];

    const wholeRoom = form.roomIn(maxBodyBytes);
    const responses: PubSubResponse[] = [];
    let room = wholeRoom;
    for (const [i, message] of messages.entries()) {
      const left = room - (messages.length - 1 - i) * ROOM_FOR_ERROR;
      const response = await answer(message, { request, cluster, form, room: left, wholeRoom });
      room -= form.sizeOf(response);
      responses.push(response);
    }
    return { mediaType, ...form.write(responses, delimited) };
  };

function formOf(contentType = ''): { form: Form; delimited: boolean; mediaType: string } {
  const type = essence(contentType);
  if (type === json.mediaType) return { form: json, delimited: false, mediaType: type };
  if (type !== protobuf.mediaType) {
    throw formNotSupported(protobuf.mediaType, json.mediaType);
  }
  const delimited = DELIMITED.test(contentType);
  return { form: protobuf, delimited, mediaType: delimited ? `${type}; encoding=delimited` : type };
}

async function answer(message: Buffer, { request, ...others }: Omit<CommandContext, 'counted'>): Promise<PubSubResponse> {
  const { form, room } = others;
  const { principal, sourceAddress, headers, deadline, requestId, responseHeaders } = request;
  const ends: EndTask[] = [];
  const counted = {
    principal,
    sourceAddress,
    headers,
    deadline,
    requestId,
    responseHeaders,
    onEnd: (task: EndTask) => void ends.push(task),
  };
  let sequence = 0n;
  let command: Command | null | undefined;
  try {
    ({ sequence, command } = form.read(message));
    const response = { sequence, reply: await obey(command, { request, counted, ...others }) };
    if (form.sizeOf(response) > room) throw replyTooLarge();
    return response;
  } catch (thrown) {
    const error = asGatewayError(thrown, requestId);
    logError(error, { requestId, principal });
    return { sequence, reply: { kind: 'error', ...errorReply(error, command) } };
  } finally {
    // Before the next message: it must not be in its own way.
    await doAll(ends, requestId);
  }
}
