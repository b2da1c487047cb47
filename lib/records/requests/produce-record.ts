import { NO_INTEGER, readInteger } from '../../json/json-integer.ts';
import type { JsonScanner } from '../../json/json-scanner.ts';
import { readString } from '../../json/json-string.ts';
import { readMemberName, refuseMember } from '../../json/member-name.ts';
import type { Place } from '../../json/place.ts';
import type { Header, NewRecord, Slice } from '../../kafka/record.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { placeInvalid, topicMissing } from '../../messages/produce.ts';
import type { BodyFormat } from '../formats/record-format.ts';
import { readHeaders } from './record-headers.ts';
import { readTimestamp } from './timestamp.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const fields = ['key', 'value', 'partition', 'timestamp', 'headers'];

/** A record of a request, parsed. */
export interface ParsedRecord extends NewRecord {
  topic: string;
  /** Null when neither the record nor the request names a partition. */
  partition: number | null;
}

/** The formats of keys and of values. */
export interface BodyFormats {
  key: BodyFormat;
  value: BodyFormat;
}

/** What a request sets for all of its records. */
export interface RecordDefaults {
  /** Unix milliseconds: the timestamp of records without one. */
  now: number;
  /** The topic of all records, which then must not name one; or null: then every record must name its own. */
  topic: string | null;
  /** The partition of records that name none; null if the request names none either. */
  partition: number | null;
}

/**
 * Reads one record of a request. A member that is null counts as absent; a record without a value is a tombstone.
 *
 * @throws {GatewayError} BadRequest for malformed JSON or base64; InvalidRecord for anything else that is invalid
 */
export function readRecord(json: JsonScanner, formats: BodyFormats, options: RecordDefaults, place: Place): ParsedRecord {
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw placeInvalid(place, 'an object');
  }
  let key: Slice | null | undefined;
  let value: Slice | null | undefined;
  let headers: Header[] | null | undefined;
  let partition: number | null | undefined;
  let timestamp: number | null | undefined;
  let topic: string | undefined;
  const topics = options.topic === null;
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      place.field = name;
      if (name === 'value' && value === undefined) value = formats.value.read(json, place);
      else if (name === 'key' && key === undefined) key = formats.key.read(json, place);
      else if (name === 'partition' && partition === undefined) partition = json.null() ? null : readPartition(json, place);
      else if (name === 'timestamp' && timestamp === undefined) timestamp = json.null() ? null : readTimestamp(json, place);
      else if (name === 'headers' && headers === undefined) headers = readHeaders(json, place);
      else if (name === 'topic' && topic === undefined && topics) topic = readTopic(json, place);
      else refuseMember(name, topics ? ['topic', ...fields] : fields, place.owner());
    } while (json.more(CLOSE_BRACE));
  }
  topic ??= options.topic ?? undefined;
  if (topic === undefined) {
    place.field = 'topic';
    throw topicMissing(place);
  }
  return {
    key: key ?? null,
    value: value ?? null,
    headers: headers ?? null,
    timestamp: timestamp ?? options.now,
    topic,
    partition: partition ?? options.partition,
  };
}

function readPartition(json: JsonScanner, place: Place): number {
  const partition = readInteger(json, MAX_PARTITION);
  if (partition === NO_INTEGER) throw placeInvalid(place, `an integer from 0 to ${MAX_PARTITION}`);
  return partition;
}

function readTopic(json: JsonScanner, place: Place): string {
  if (json.peek() === QUOTE) {
    const start = json.at + 1;
    const end = readString(json, place);
    if (end > start) return json.bytes.toString('utf8', start, end);
  } else json.value();
  throw placeInvalid(place, 'the name of a topic');
}
