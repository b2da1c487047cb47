import { topicNameInvalid } from './messages/topics.ts';

/** The most characters of a topic name. */
export const LONGEST_TOPIC = 249;
const LEGAL_TOPIC = /^[a-zA-Z0-9._-]+$/;

/** Whether a topic can have this name, by the rules of Kafka's own `Topic.validate`. */
export const isTopicName = (text: string): boolean =>
  text.length <= LONGEST_TOPIC && LEGAL_TOPIC.test(text) && text !== '.' && text !== '..';

/**
 * A topic name.
 *
 * @throws {GatewayError} InvalidArgument when no topic can have this name
 */
export function topicName(text: string): string {
  if (isTopicName(text)) return text;
  throw topicNameInvalid(text);
}
