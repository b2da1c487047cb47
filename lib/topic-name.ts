import { GatewayError } from './errors.ts';
import { quote } from './quote.ts';

const LEGAL_TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

/**
 * A topic name, by the rules of Kafka's own `Topic.validate`.
 * @throws {GatewayError} InvalidArgument when no topic can have this name
 */
export function topicName(text: string): string {
  if (LEGAL_TOPIC.test(text) && text !== '.' && text !== '..') return text;
  throw new GatewayError(
    'InvalidArgument',
    `${quote(text)} is not a topic name: use 1 to 249 letters, digits, dots, underscores and hyphens of ASCII, and not "." or ".."`,
  );
}
