import { grant } from '../../admission/admit.ts';
import { queuesConfig } from '../../config/queues.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { DeadLetterTopic } from '../../kafka/share-groups/dead-letters.ts';
import { deadLetterTopicImpossible } from '../../messages/queues.ts';
import { topicName } from '../../topic-name.ts';
import { textIn } from './fields.ts';

/**
 * Reads the topic that a request names for dead letters; null where it names none.
 *
 * @throws {GatewayError} InvalidRecord, InvalidArgument for what no topic can be called
 */
export function readDeadLetterTopic(value: unknown): string | null {
  const name = textIn(value, 'dead_letter_topic');
  return name === null ? null : topicName(name);
}

/**
 * Where the dead letters of a request's topics go: where it says, which takes a grant to produce there, or where the configuration says.
 *
 * @throws {GatewayError} Forbidden; InvalidRecord where a topic would be its own
 */
export function deadLettersOf(request: GatewayRequest, named: string | null, topics: readonly string[]): DeadLetterTopic {
  if (named !== null) grant(request, { operation: 'produce', topics: [named] });
  const topicOf = (topic: string): string | null => named ?? queuesConfig().deadLetterTopic?.(topic) ?? null;
  const own = topics.find((topic) => topicOf(topic) === topic);
  if (own !== undefined && named !== null) throw deadLetterTopicImpossible(own);
  // A queue of dead letters has none of its own.
  return (topic) => (topicOf(topic) === topic ? null : topicOf(topic));
}
