import { integerWithin } from '../../integer.ts';
import { MAX_TEXT_BYTES } from '../../limits-of-protocol.ts';
import { placeInvalid } from '../../messages/produce.ts';

/**
 * A count of a new topic; absent or null is -1, which leaves it to the broker.
 *
 * @throws {GatewayError} InvalidRecord
 */
export function countOrDefault(value: unknown, field: string, max: number): number {
  if (value === undefined || value === null) return -1;
  const count = integerWithin(value, 1, max);
  if (count !== null) return count;
  throw placeInvalid(field, `an integer from 1 to ${max}`);
}

/** A setting of a new topic that Kafka's protocol can carry. @throws {GatewayError} InvalidRecord */
export function topicSetting(name: string, value: string): [name: string, value: string] {
  if (Buffer.byteLength(name) <= MAX_TEXT_BYTES && Buffer.byteLength(value) <= MAX_TEXT_BYTES) return [name, value];
  throw placeInvalid('configs', `names and values of at most ${MAX_TEXT_BYTES} bytes`);
}
