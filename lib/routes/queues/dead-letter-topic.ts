import { grant } from '../../admission/admit.ts';
import { queuesConfig } from '../../config/queues.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { DeadLetterTopic } from '../../kafka/share-groups/dead-letters.ts';
import { deadLetterTopicImpossible, deadLetterTopicTooLong } from '../../messages/queues.ts';
import { LONGEST_TOPIC, topicName } from '../../topic-name.ts';
import { textIn } from './fields.ts';

/**
 * Reads the dead-letter topic that a request names; null when it names none.
 *
 * @throws {GatewayError} InvalidRecord; InvalidArgument for an illegal topic name
 */
export function readDeadLetterTopic(value: unknown): string | null {
  const name = textIn(value, 'dead_letter_topic');
  return name === null ? null : topicName(name);
}

/**
 * The dead-letter topic of each of a request's topics: the one that the request names, for which the caller needs a grant to produce, or
 * the configured one.
 *
 * @throws {GatewayError} Forbidden; InvalidRecord when the request names one of its topics; InvalidArgument when the configured one of a topic
 *   cannot exist: its dead letters would be lost
 */
export function deadLettersOf(request: GatewayRequest, named: string | null, topics: readonly string[]): DeadLetterTopic {
  if (named !== null) grant(request, { operation: 'produce', topics: [named] });
  const topicOf = (topic: string): string | null => named ?? queuesConfig().deadLetterTopic?.(topic) ?? null;
  const own = topics.find((topic) => topicOf(topic) === topic);
  const tooLong = topics.find((topic) => (topicOf(topic)?.length ?? 0) > LONGEST_TOPIC);
  if (tooLong !== undefined) throw deadLetterTopicTooLong(tooLong, LONGEST_TOPIC);
  if (own !== undefined && named !== null) throw deadLetterTopicImpossible(own);
  // Dead letters of a dead-letter topic go nowhere.
  return (topic) => (topicOf(topic) === topic ? null : topicOf(topic));
}
