import type { GatewayError } from '../errors.ts';
import { integerWithin } from '../integer.ts';
import { MAX_INT32, MAX_TEXT_BYTES } from '../limits-of-protocol.ts';
import { groupNameTooLong } from '../messages/groups.ts';
import { subscriptionNameInvalid } from '../messages/push.ts';
import { brokerNotFound } from '../messages/requests.ts';
import { partitionImpossible } from '../messages/topics.ts';
import { topicName } from '../topic-name.ts';

/**
 * The name of a consumer group: Kafka accepts any string but the empty one.
 * @throws {GatewayError} InvalidArgument when it is longer than Kafka's protocol can carry
 */
export function groupName(text: string): string {
  if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return text;
  throw groupNameTooLong(MAX_TEXT_BYTES);
}

/**
 * The name of a subscription; its topics and groups are named after it.
 * @throws {GatewayError} InvalidArgument when the name is not legal
 */
export function subscriptionName(text: string): string {
  if (/^[a-zA-Z0-9._-]{1,100}$/.test(text)) return text;
  throw subscriptionNameInvalid(text);
}

/**
 * Comma-separated topic names, without duplicates; empty for `*`, for which a pattern in the query chooses the topics.
 * @throws {GatewayError} InvalidArgument when one of the names is not legal
 */
export const topicList = (text: string): string[] => (text === '*' ? [] : [...new Set(text.split(',').map(topicName))]);

/**
 * A partition number in a path.
 * @throws {GatewayError} PartitionNotFound when no partition can have this number
 */
export function partitionNumber(text: string): number {
  return int32(text) ?? refuse(partitionImpossible(text));
}

/**
 * A broker's id in a path.
 * @throws {GatewayError} RouteNotFound when no broker can have it
 */
export const brokerNumber = (text: string): number => int32(text) ?? refuse(brokerNotFound(text));

const int32 = (text: string): number | null => integerWithin(text, 0, MAX_INT32);

function refuse(error: GatewayError): never {
  throw error;
}
