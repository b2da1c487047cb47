import { topicNameInvalid } from './messages/topics.ts';

/** The most characters of a topic name. */
export const LONGEST_TOPIC = 249;
const LEGAL_TOPIC = /^[a-zA-Z0-9._-]+$/;

/**
 * A topic name, by the rules of Kafka's own `Topic.validate`.
 * @throws {GatewayError} InvalidArgument when no topic can have this name
 */
export function topicName(text: string): string {
  if (text.length <= LONGEST_TOPIC && LEGAL_TOPIC.test(text) && text !== '.' && text !== '..') return text;
  throw topicNameInvalid(text);
}
