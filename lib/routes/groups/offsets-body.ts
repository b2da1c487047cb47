import { GatewayError } from '../../errors.ts';
import { parseTime } from '../../http/time.ts';
import { isObject } from '../../json/json-members.ts';
import { EARLIEST, LATEST } from '../../kafka/fetch/list-offsets.ts';
import type { WantedPosition } from '../../kafka/groups/positions.ts';
import { MAX_PARTITION, MAX_TEXT_BYTES } from '../../limits-of-protocol.ts';
import { quote } from '../../quote.ts';
import { topicName } from '../../topic-name.ts';

const FIELDS = ['topic', 'partition', 'offset', 'timestamp', 'metadata'];

/**
 * Reads `{"offsets": [{"topic", "partition"?, "offset" | "timestamp", "metadata"?}]}`. An offset is a number, `earliest` or `latest`; one
 * that is no number, and a timestamp, may be for all partitions of the topic. Null is as good as absent.
 *
 * @throws {GatewayError} InvalidRecord naming the place; InvalidArgument for what is no name of a topic
 */
export function readOffsets(json: unknown): WantedPosition[] {
  if (!isObject(json)) throw invalid('The body must be a JSON object with offsets');
  const { offsets, ...others } = json;
  refuseUnknown(Object.keys(others), []);
  if (!Array.isArray(offsets) || offsets.length === 0) throw invalid('offsets must be an array of at least one offset');
  return offsets.map((offset: unknown, index) => readOffset(offset, `offsets[${index}]`));
}

function readOffset(json: unknown, place: string): WantedPosition {
  if (!isObject(json)) throw invalid(`${place} must be an object`);
  refuseUnknown(Object.keys(json), FIELDS);
  const { topic, partition = null, offset = null, timestamp = null, metadata = null } = json;
  if (typeof topic !== 'string') throw invalid(`${place}.topic must be a string`);
  if (partition !== null && !isInteger(partition, MAX_PARTITION)) throw invalid(`${place}.partition must be an integer from 0`);
  if (metadata !== null && !isShortText(metadata)) throw invalid(`${place}.metadata must be a string of at most ${MAX_TEXT_BYTES} bytes`);
  if ((offset === null) === (timestamp === null)) throw invalid(`${place} must have either offset or timestamp`);
  if (typeof offset === 'number' && partition === null) throw invalid(`${place} must have a partition, as its offset is a number`);
  const at = offset === null ? { timestamp: timeOf(timestamp, place) } : positionOf(offset, place);
  return { topic: topicName(topic), partition, at, metadata };
}

function positionOf(offset: unknown, place: string): WantedPosition['at'] {
  if (offset === 'earliest') return { timestamp: EARLIEST };
  if (offset === 'latest') return { timestamp: LATEST };
  if (isInteger(offset, Number.MAX_SAFE_INTEGER)) return { offset };
  throw invalid(`${place}.offset must be an integer from 0, earliest or latest`);
}

function timeOf(timestamp: unknown, place: string): number {
  const time = typeof timestamp === 'string' || typeof timestamp === 'number' ? parseTime(String(timestamp)) : undefined;
  if (time === undefined) throw invalid(`${place}.timestamp must be a time, as Unix milliseconds or ISO 8601 (2031-05-06T07:08:09.123Z)`);
  return time;
}

function refuseUnknown(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`Unrecognized field: ${quote(unknown)}`);
}

const isInteger = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
const isShortText = (value: unknown): value is string => typeof value === 'string' && Buffer.byteLength(value) <= MAX_TEXT_BYTES;
const invalid = (message: string): GatewayError => new GatewayError('InvalidRecord', message);
