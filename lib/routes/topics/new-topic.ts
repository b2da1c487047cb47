import { integerWithin } from '../../integer.ts';
import { MAX_TEXT_BYTES } from '../../limits-of-protocol.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { quote } from '../../quote.ts';

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
export function topicSetting(name: string, given: unknown): [name: string, value: string] {
  // The longest time that Kafka takes is one: it would be another by now.
  if (typeof given === 'number' && Math.abs(given) > Number.MAX_SAFE_INTEGER) {
    throw placeInvalid(quote(`configs.${name}`), 'a string, as its number has too many digits for one in JSON');
  }
  const value = String(given);
  if (Buffer.byteLength(name) <= MAX_TEXT_BYTES && Buffer.byteLength(value) <= MAX_TEXT_BYTES) return [name, value];
  throw placeInvalid('configs', `names and values of at most ${MAX_TEXT_BYTES} bytes`);
}
