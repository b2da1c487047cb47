import { parseTime } from '../../http/time.ts';
import { integerWithin } from '../../integer.ts';
import { isObject } from '../../json/json-members.ts';
import { EARLIEST, LATEST } from '../../kafka/fetch/list-offsets.ts';
import type { WantedPosition } from '../../kafka/groups/positions.ts';
import { MAX_PARTITION, MAX_TEXT_BYTES } from '../../limits-of-protocol.ts';
import { offsetNeedsPartition, offsetOrTimestamp } from '../../messages/groups.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { fieldUnknown } from '../../messages/requests.ts';
import { topicName } from '../../topic-name.ts';

const FIELDS = ['topic', 'partition', 'offset', 'timestamp', 'metadata'];

/**
 * Reads `{"offsets": [{"topic", "partition"?, "offset" | "timestamp", "metadata"?}]}`. An offset is a number, `earliest` or `latest`.
 * Without a partition, `earliest`, `latest` and timestamps are for all partitions of the topic. Null means absent.
 *
 * @throws {GatewayError} InvalidRecord with the place; InvalidArgument for an illegal topic name
 */
export function readOffsets(json: unknown): WantedPosition[] {
  if (!isObject(json)) throw placeInvalid('The body', 'a JSON object with offsets');
  const { offsets, ...others } = json;
  refuseUnknown(Object.keys(others), []);
  if (!Array.isArray(offsets) || offsets.length === 0) throw placeInvalid('offsets', 'an array of at least one offset');
  return offsets.map((offset: unknown, index) => readOffset(offset, `offsets[${index}]`));
}

function readOffset(json: unknown, place: string): WantedPosition {
  if (!isObject(json)) throw placeInvalid(place, 'an object');
  refuseUnknown(Object.keys(json), FIELDS);
  const { topic, offset = null, timestamp = null, metadata = null } = json;
  const partition = partitionOf(json.partition ?? null, place);
  if (typeof topic !== 'string') throw placeInvalid(`${place}.topic`, 'a string');
  if (metadata !== null && !isShortText(metadata)) throw placeInvalid(`${place}.metadata`, `a string of at most ${MAX_TEXT_BYTES} bytes`);
  if ((offset === null) === (timestamp === null)) throw offsetOrTimestamp(place);
  const at = offset === null ? { timestamp: timeOf(timestamp, place) } : positionOf(offset, place);
  if ('offset' in at && partition === null) throw offsetNeedsPartition(place);
  return { topic: topicName(topic), partition, at, metadata };
}

function partitionOf(value: unknown, place: string): number | null {
  const partition = integerWithin(value, 0, MAX_PARTITION);
  if (value !== null && partition === null) throw placeInvalid(`${place}.partition`, 'an integer from 0');
  return partition;
}

function positionOf(offset: unknown, place: string): WantedPosition['at'] {
  if (offset === 'earliest') return { timestamp: EARLIEST };
  if (offset === 'latest') return { timestamp: LATEST };
  const number = integerWithin(offset, 0, Number.MAX_SAFE_INTEGER);
  if (number !== null) return { offset: number };
  throw placeInvalid(`${place}.offset`, 'an integer from 0, earliest or latest');
}

function timeOf(timestamp: unknown, place: string): number {
  const time = typeof timestamp === 'string' || typeof timestamp === 'number' ? parseTime(String(timestamp)) : undefined;
  if (time === undefined) throw placeInvalid(`${place}.timestamp`, 'a time, as Unix milliseconds or ISO 8601 (2031-05-06T07:08:09.123Z)');
  return time;
}

function refuseUnknown(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw fieldUnknown(unknown);
}

const isShortText = (value: unknown): value is string => typeof value === 'string' && Buffer.byteLength(value) <= MAX_TEXT_BYTES;
