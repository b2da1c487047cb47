import { admit } from '../../admission/admit.ts';
import { startPositions } from '../../kafka/fetch/start-positions.ts';
import {
  fieldOfCommandInvalid,
  noSuchSubscription,
  noTopicsInCommand,
  sequenceNeeded,
  socketSubscriptionsOff,
  topicTwice,
} from '../../messages/pubsub.ts';
import { json } from '../../pubsub/form.ts';
import type { Command, Reply } from '../../pubsub/messages.ts';
import { readCursor, writeCursor } from '../../records/responses/cursor.ts';
import { readFilters } from '../../records/responses/record-filter.ts';
import type { SocketSubscription, SocketSubscriptions } from '../../sockets/socket-subscription.ts';
import { topicName } from '../../topic-name.ts';
import { checkCursorLength } from '../read/cursor-size.ts';
import { startPlace } from '../read/read-query.ts';
import type { CommandContext, SocketOfCommand } from './command-context.ts';
import { isolationOf } from './isolation.ts';

/** The most credit that one command may give. */
const MOST_CREDIT = 1_000_000;

/** The WebSocket that carries the commands, and its subscriptions. */
interface Socket {
  readonly connection: string;
  readonly subscriptions: SocketSubscriptions;
}

/** Executes the commands of a WebSocket. @param subscriptions null when the gateway keeps none */
export const socketOf =
  (connection: string, subscriptions: SocketSubscriptions | null): SocketOfCommand =>
  async (command, context, sequence) => {
    if (subscriptions === null) throw socketSubscriptionsOff();
    const socket = { connection, subscriptions };
    switch (command.kind) {
      case 'subscribe':
        return subscribe(command, context, sequence, socket);
      case 'credit':
        return giveCredit(command, context, socket);
      case 'unsubscribe':
        return unsubscribe(command, context, socket);
    }
  };

/** Starts to send the records of topics over the WebSocket. */
async function subscribe(
  command: Command & { kind: 'subscribe' },
  { subject, cluster, form }: CommandContext,
  sequence: bigint,
  { connection, subscriptions }: Socket,
): Promise<Reply> {
  if (sequence === 0n) throw sequenceNeeded();
  const { topics, filters, credit } = command;
  if (topics.length === 0) throw noTopicsInCommand();
  const names = new Set<string>();
  for (const topic of topics) {
    if (names.has(topicName(topic))) throw topicTwice(topic);
    names.add(topic);
  }
  const isolation = isolationOf(command);
  const [keyAsText, valueAsText] = [isText('key_format', command.keyFormat), isText('value_format', command.valueFormat)];
  if (credit < 0 || credit > MOST_CREDIT) throw fieldOfCommandInvalid('credit', `a number from 0 to ${MOST_CREDIT}`);
  readFilters(filters, (value) => value);
  const given = command.cursor === '' ? null : readCursor(command.cursor);
  const from = command.from === '' ? 'latest' : startPlace.parse(command.from);
  if (from === undefined) throw fieldOfCommandInvalid('from', startPlace.accepts);
  await admit(subject, { operation: 'read', topics });

  const { caller, sourceAddress, passing = false, requestId, deadline } = subject;
  // Partitions that the cursor lacks are new since then.
  const options = { given: given ?? [], from: given === null ? from : 'earliest', to: null, mayMiss: false, isolation, deadline } as const;
  const start = await startPositions(cluster, topics, options);
  checkCursorLength(start, options.given);
  const cursor = writeCursor(start);
  const subscription: SocketSubscription = {
    ...{ sequence: String(sequence), form: form === json ? 'json' : 'protobuf', topics, filters, isolation, keyAsText, valueAsText },
    subscriber: { caller, sourceAddress, passing },
    requestId,
  };
  subject.onEnd(await subscriptions.add(connection, subscription, cursor, credit, deadline));
  return { kind: 'subscribed', cursor };
}

/** Lets a subscription send more records. */
async function giveCredit(
  { subscription, credit }: Command & { kind: 'credit' },
  { subject }: CommandContext,
  { connection, subscriptions }: Socket,
): Promise<Reply> {
  if (credit < 1 || credit > MOST_CREDIT) throw fieldOfCommandInvalid('credit', `a number from 1 to ${MOST_CREDIT}`);
  await admit(subject, { operation: 'read' });
  const isThere = await subscriptions.give(connection, String(subscription), credit, subject.deadline);
  if (!isThere) throw noSuchSubscription(String(subscription));
  return { kind: 'credited' };
}

/** Ends a subscription. */
async function unsubscribe(
  { subscription }: Command & { kind: 'unsubscribe' },
  { subject }: CommandContext,
  { connection, subscriptions }: Socket,
): Promise<Reply> {
  await admit(subject, { operation: 'describe' });
  const wasThere = await subscriptions.remove(connection, String(subscription), subject.deadline);
  if (!wasThere) throw noSuchSubscription(String(subscription));
  return { kind: 'unsubscribed' };
}

function isText(name: string, format: number): boolean {
  if (format !== 0 && format !== 1) throw fieldOfCommandInvalid(name, 'FORMAT_BYTES (0) or FORMAT_TEXT (1)');
  return format === 1;
}
