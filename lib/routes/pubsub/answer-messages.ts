import type { Subject } from '../../admission/subject.ts';
import { doAll, type EndTask } from '../../http/end-tasks.ts';
import { asGatewayError } from '../../http/error-response.ts';
import { logError } from '../../http/request-log.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { replyTooLarge } from '../../messages/pubsub.ts';
import { Budget } from '../../pubsub/budget.ts';
import type { Form } from '../../pubsub/form.ts';
import type { Command, PubSubResponse } from '../../pubsub/messages.ts';
import { obey } from './command.ts';
import type { CommandContext, SocketOfCommand } from './command-context.ts';
import { errorReply } from './error.ts';

/** The largest size of an error; reserved for each message that is still to be answered. */
const ROOM_FOR_ERROR = 3000;

/**
 * Executes a caller's messages, a `PubSubReq` each, one after the other. Each gets a response, even if it fails.
 *
 * @param maxBodyBytes the maximum size of all responses together, as sent
 */
export async function answerMessages(
  messages: readonly Buffer[],
  {
    subject,
    cluster,
    form,
    maxBodyBytes,
    socket = null,
  }: { subject: Subject; cluster: Cluster; form: Form; maxBodyBytes: number; socket?: SocketOfCommand | null },
): Promise<PubSubResponse[]> {
  const wholeRoom = form.roomIn(maxBodyBytes);
  const responses: PubSubResponse[] = [];
  const budget = new Budget();
  let room = wholeRoom;
  for (const [i, message] of messages.entries()) {
    const left = room - (messages.length - 1 - i) * ROOM_FOR_ERROR;
    const response = await answer(message, { subject, cluster, form, socket, budget, room: left, wholeRoom });
    room -= form.sizeOf(response);
    responses.push(response);
  }
  return responses;
}

async function answer(message: Buffer, { subject, ...others }: CommandContext): Promise<PubSubResponse> {
  const { form, budget, room } = others;
  const { caller, principal, mode, passing, isLasting, trace, sourceAddress, headers, deadline, requestId, responseHeaders } = subject;
  const who = { caller, principal, mode, passing, isLasting, sourceAddress };
  trace?.renewRecords();
  const ends: EndTask[] = [];
  const onEnd = (task: EndTask) => void ends.push(task);
  const own: Subject = { ...who, trace, headers, deadline, requestId, responseHeaders, onEnd };
  let sequence = 0n;
  let command: Command | null | undefined;
  try {
    ({ sequence, command } = form.read(message, budget));
    const response = { sequence, reply: await obey(command, { subject: own, ...others }, sequence) };
    if (form.sizeOf(response) > room) throw replyTooLarge();
    return response;
  } catch (thrown) {
    const error = asGatewayError(thrown, requestId);
    logError(error, { requestId, principal });
    return { sequence, reply: { kind: 'error', ...errorReply(error, command) } };
  } finally {
    // Before the next message, so that limits on concurrency do not count this one any more.
    await doAll(ends, requestId);
  }
}
