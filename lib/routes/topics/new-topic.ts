import { GatewayError } from '../../errors.ts';

export const MAX_PARTITIONS = 2 ** 31 - 1;
export const MAX_REPLICAS = 2 ** 15 - 1;
/** What Kafka's protocol can carry of a text. */
const MAX_TEXT = 2 ** 15 - 1;

/**
 * A count of a new topic; what is absent or null is the broker's to choose, which is -1.
 *
 * @throws {GatewayError} InvalidRecord
 */
export function countOrDefault(value: unknown, field: string, max: number): number {
  if (value === undefined || value === null) return -1;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw invalid(`${field} must be an integer from 1 to ${max}`);
}

/** A setting of a new topic, as far as Kafka's protocol can carry it. @throws {GatewayError} InvalidRecord */
export function topicSetting(name: string, value: string): [name: string, value: string] {
  if (Buffer.byteLength(name) <= MAX_TEXT && Buffer.byteLength(value) <= MAX_TEXT) return [name, value];
  throw invalid(`configs must have names and values of at most ${MAX_TEXT} bytes`);
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const invalid = (message: string): GatewayError => new GatewayError('InvalidRecord', message);
