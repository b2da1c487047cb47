import { admit } from '../../admission/admit.ts';
import { type FetchedPage, fetchRecords } from '../../kafka/fetch/fetch-records.ts';
import { offsetsAtTime } from '../../kafka/fetch/list-offsets.ts';
import { fieldOfCommandInvalid, messageTooLarge, negativeSize, noCommand, subscribingNeedsSocket } from '../../messages/pubsub.ts';
import { countRecords } from '../../metrics/work.ts';
import type { Form } from '../../pubsub/form.ts';
import type { Command, Fetch, ListOffset, PageMessage, Reply } from '../../pubsub/messages.ts';
import { topicName } from '../../topic-name.ts';
import { visibleTo } from '../read/visible-records.ts';
import { tracedRead } from '../traced/traced-read.ts';
import type { CommandContext } from './command-context.ts';
import { errorReply } from './error.ts';
import { isolationOf } from './isolation.ts';
import { produce } from './produce.ts';

/** The largest size of a page without its messages. */
const PAGE_FRAME = 300;
const DEFAULT_MAX_BYTES = 1024 * 1024;

/**
 * Executes a command.
 *
 * @param sequence of its message
 * @throws {GatewayError} why it cannot be done
 */
export async function obey(command: Command | null, context: CommandContext, sequence: bigint): Promise<Reply> {
  switch (command?.kind) {
    case 'ping':
      await admit(context.subject, { operation: 'describe' });
      return { kind: 'pong', state: command.state };
    case 'list-offset':
      return listOffset(command, context);
    case 'fetch':
      return fetch(command, context);
    case 'produce':
      return produce(command, context);
    case 'subscribe':
    case 'credit':
    case 'unsubscribe':
      if (context.socket === null) throw subscribingNeedsSocket();
      return context.socket(command, context, sequence);
    default:
      throw noCommand();
  }
}

async function listOffset({ topic, partition, timestamp }: ListOffset, { subject, cluster }: CommandContext): Promise<Reply> {
  topicName(topic);
  if (timestamp < -2n) throw fieldOfCommandInvalid('timestamp', 'Unix milliseconds, -1 for the end or -2 for the beginning');
  await admit(subject, { operation: 'describe', topics: [topic] });
  const [{ offset, timestamp: time }] = await offsetsAtTime(cluster, topic, [partition], timestamp, subject.deadline);
  return { kind: 'offset', offset, timestamp: time };
}

async function fetch(command: Fetch & { kind: 'fetch' }, context: CommandContext): Promise<Reply> {
  const { subject, cluster, form, room, wholeRoom } = context;
  const { topic, partition, maxWaitMs, minBytes, maxBytes } = command;
  topicName(topic);
  const isolation = isolationOf(command);
  if (maxWaitMs < 0 || minBytes < 0 || maxBytes < 0) {
    throw negativeSize();
  }
  await admit(subject, { operation: 'read', topics: [topic] });
  const options = {
    position: { offset: asNumber(command.offset) },
    isolation,
    maxBytes: Math.max(1, Math.min(maxBytes || DEFAULT_MAX_BYTES, form.bytesIn(room))),
    minBytes: minBytes || 1,
    waitMs: maxWaitMs,
    largest: wholeRoom,
    maxRecords: Number.MAX_SAFE_INTEGER,
    visible: visibleTo(subject.caller),
    deadline: subject.deadline,
  };
  const page = await tracedRead(
    subject.trace,
    { operation: 'poll', topics: [topic] },
    () => fetchRecords(cluster, topic, partition, options),
    ({ records }) => records,
  );
  const messages = fitting(page, form, room);
  const [first] = page.records;
  if (messages.length === 0 && first !== undefined && fitting(page, form, wholeRoom).length === 0) {
    return { kind: 'error', ...errorReply(messageTooLarge(first.offset), command, { nextOffset: first.offset + 1 }) };
  }
  countRecords('out', topic, messages.length);
  const { highWatermark, logStartOffset } = page;
  const nextOffset = page.records[messages.length]?.offset ?? page.nextOffset;
  return { kind: 'page', messages, nextOffset, highWatermark, logStartOffset };
}

/** The messages that fit into a reply. */
function fitting({ records }: FetchedPage, form: Form, room: number): PageMessage[] {
  let left = room - PAGE_FRAME;
  const end = records.findIndex((record) => {
    left -= record.tooLarge ?? form.sizeOfMessage(record);
    return left < 0;
  });
  return end === -1 ? records : records.slice(0, end);
}

/** Numbers hold all offsets exactly that can occur. */
function asNumber(integer: bigint): number {
  const number = Number(integer);
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(number, Number.MAX_SAFE_INTEGER));
}
