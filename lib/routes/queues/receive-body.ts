import { mediaTypes } from '../../http/media-types.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { formatNeedsJson } from '../../messages/queues.ts';
import type { AnyFormatName } from '../../records/formats/schema-formats.ts';
import { topicName } from '../../topic-name.ts';
import { readDeadLetterTopic } from './dead-letter-topic.ts';
import { integerIn, membersOfBody } from './fields.ts';

/** The body of a receive request. */
export interface ReceiveBody {
  topics: string[];
  max: number;
  maxBytes: number;
  waitMs: number;
  /** Null if the Accept header says it. */
  format: AnyFormatName | null;
  deadLetterTopic: string | null;
}

const FIELDS = ['topics', 'max', 'max_bytes', 'wait', 'format', 'dead_letter_topic'];
const MOST_TOPICS = 100;
const MOST_RECORDS_RECEIVED = 500;
/** Less than a response holds: as JSON, a record is longer and has a receipt. */
const MOST_BYTES = 4 * 1024 * 1024;
const LONGEST_WAIT_MS = 30_000;
const FORMATS: readonly AnyFormatName[] = ['json', 'text', 'binary'];

/**
 * Reads `{"topics", "max"?, "max_bytes"?, "wait"?, "format"?, "dead_letter_topic"?}`.
 *
 * @throws {GatewayError} InvalidRecord with the field; InvalidArgument for an illegal topic name
 */
export function readReceive(json: unknown): ReceiveBody {
  const { topics, max, max_bytes: maxBytes, wait, format, dead_letter_topic: deadLetterTopic } = membersOfBody(json, FIELDS);
  const isList = Array.isArray(topics) && topics.length > 0 && topics.length <= MOST_TOPICS;
  if (!isList || !topics.every((topic) => typeof topic === 'string')) {
    throw placeInvalid('topics', `an array of 1 to ${MOST_TOPICS} names of topics`);
  }
  return {
    topics: [...new Set(topics.map(topicName))],
    max: integerIn(max, 'max', 1, MOST_RECORDS_RECEIVED, 10),
    maxBytes: integerIn(maxBytes, 'max_bytes', 1, MOST_BYTES, 1024 * 1024),
    waitMs: integerIn(wait, 'wait', 0, LONGEST_WAIT_MS, 1000),
    format: formatOf(format),
    deadLetterTopic: readDeadLetterTopic(deadLetterTopic),
  };
}

function formatOf(value: unknown): AnyFormatName | null {
  if (value === undefined) return null;
  const format = FORMATS.find((name) => name === value);
  if (format === undefined) throw placeInvalid('format', 'json, text or binary');
  return format;
}

/** The format of each media type of records. */
const formats: Readonly<Record<string, AnyFormatName>> = {
  [mediaTypes.generic]: 'binary',
  [mediaTypes.binary]: 'binary',
  [mediaTypes.json]: 'json',
  [mediaTypes.text]: 'text',
  [mediaTypes.avro]: 'avro',
  [mediaTypes.jsonschema]: 'jsonschema',
  [mediaTypes.protobuf]: 'protobuf',
};

/** @throws {GatewayError} InvalidRecord when both the body and the media type name a format */
export function shownAs(mediaType: string, { format }: ReceiveBody): AnyFormatName {
  if (mediaType === mediaTypes.plainJson) return format ?? 'json';
  if (format !== null) throw formatNeedsJson();
  return formats[mediaType];
}
