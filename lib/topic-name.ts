import { topicNameInvalid } from './messages/topics.ts';

const LEGAL_TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

/**
 * A topic name, by the rules of Kafka's own `Topic.validate`.
 * @throws {GatewayError} InvalidArgument when no topic can have this name
 */
export function topicName(text: string): string {
  if (LEGAL_TOPIC.test(text) && text !== '.' && text !== '..') return text;
  throw topicNameInvalid(text);
}
