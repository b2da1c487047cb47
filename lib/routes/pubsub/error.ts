import type { ErrorName, GatewayError } from '../../errors.ts';
import { KafkaAnswer } from '../../kafka/error-codes.ts';
import type { Command, ErrorReply } from '../../pubsub/messages.ts';
import { LONGEST_TOPIC } from '../../topic-name.ts';

type KafkaName = readonly [code: number, name: string];

/** Kafka's codes for the gateway's own errors. */
const codes: Partial<Record<ErrorName, KafkaName>> = {
  TopicNotFound: [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
  PartitionNotFound: [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
  DeadlineExceeded: [7, 'REQUEST_TIMED_OUT'],
  KafkaUnavailable: [8, 'BROKER_NOT_AVAILABLE'],
  TooLarge: [10, 'MESSAGE_TOO_LARGE'],
  // An illegal topic name; if Kafka calls a name invalid, its own code is used.
  InvalidArgument: [17, 'INVALID_TOPIC_EXCEPTION'],
  Forbidden: [29, 'TOPIC_AUTHORIZATION_FAILED'],
  BadRequest: [42, 'INVALID_REQUEST'],
  Unauthorized: [58, 'SASL_AUTHENTICATION_FAILED'],
  InvalidRecord: [87, 'INVALID_RECORD'],
  // As a state of this command: what it names is gone, or exists already.
  SubscriptionNotFound: [42, 'INVALID_REQUEST'],
  Conflict: [42, 'INVALID_REQUEST'],
  NotSupported: [35, 'UNSUPPORTED_VERSION'],
  LimitExceeded: [89, 'THROTTLING_QUOTA_EXCEEDED'],
  QuotaExceeded: [89, 'THROTTLING_QUOTA_EXCEEDED'],
};
const OTHERS: KafkaName = [-1, 'UNKNOWN_SERVER_ERROR'];

const words: Partial<Record<ErrorName, string>> = { TopicNotFound: 'not found topic', PartitionNotFound: 'not found partition' };

/** Longer than any error message of the gateway. */
const LONGEST_DETAIL = 1000;

/**
 * The error reply for a client.
 *
 * @param command undefined when the message could not be read, null when it has no command
 */
export function errorReply(
  error: GatewayError,
  command: Command | null | undefined,
  {
    nextOffset = error.goOn?.offset ?? null,
    maybeWritten = false,
    cursor = '',
  }: Partial<Pick<ErrorReply, 'nextOffset' | 'maybeWritten' | 'cursor'>> = {},
): ErrorReply {
  const answer = error.cause instanceof KafkaAnswer ? error.cause : null;
  const [code, name] = answer === null ? (codes[error.name] ?? OTHERS) : [answer.code, answer.type];
  // APISIX says so of every topic that its metadata lacks, and it has no metadata while no broker answers.
  const isAway = answer === null && error.name === 'KafkaUnavailable' && command?.kind !== 'produce';
  const word = words[isAway ? 'TopicNotFound' : error.name];
  return {
    code,
    message: failureOf(command, word ?? name),
    detail: error.message.slice(0, LONGEST_DETAIL),
    retryAfterMs: error.retriable ? Number(error.headers['retry-after'] ?? 1) * 1000 : 0,
    nextOffset,
    maybeWritten,
    cursor,
  };
}

function failureOf(command: Command | null | undefined, why: string): string {
  switch (command?.kind) {
    case 'list-offset':
      return `failed to list offset, topic: ${shown(command.topic)}, partition: ${command.partition}, err: ${why}`;
    case 'fetch':
      return `failed to fetch message, topic: ${shown(command.topic)}, partition: ${command.partition}, err: ${why}`;
    case 'produce':
      return `failed to produce message, topic: ${shown(command.topic)}, err: ${why}`;
    case 'subscribe':
      return `failed to subscribe, err: ${why}`;
    case 'credit':
      return `failed to give credit, err: ${why}`;
    case 'unsubscribe':
      return `failed to unsubscribe, err: ${why}`;
    case 'ping':
      return `failed to ping, err: ${why}`;
    case 'empty':
      return 'unknown command';
    default:
      return command === null ? 'empty command' : 'wrong command';
  }
}

const shown = (topic: string): string => (topic.length > LONGEST_TOPIC ? `${topic.slice(0, LONGEST_TOPIC)}...` : topic);
