import { GatewayError } from '../../errors.ts';
import { NO_INTEGER, readInteger } from '../../json/json-integer.ts';
import type { JsonScanner } from '../../json/json-scanner.ts';
import { readMemberName, refuseMember } from '../../json/member-name.ts';
import type { Place } from '../../json/place.ts';
import type { Header } from '../../kafka/record.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { partitionNegative, timeNotADate } from '../../messages/v3.ts';
import type { ParsedRecord } from '../requests/produce-record.ts';
import { readHeaders } from '../requests/record-headers.ts';
import { readTimestamp } from '../requests/timestamp.ts';
import { type Data, readData } from './data.ts';
import type { DataType } from './data-types.ts';
import type { SchemaData } from './schema-data.ts';

const MINUS = 0x2d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const fields = ['partition_id', 'headers', 'key', 'value', 'timestamp'];

/** The last millisecond that ECMA-262 can show as a date. */
const LAST_MS = 8.64e15;

/**
 * A record of a v3 request. The types are null where it has no key or value at all. A field with a schema is JSON text until it is encoded.
 */
export interface TypedRecord extends ParsedRecord {
  keyType: DataType | SchemaData | null;
  valueType: DataType | SchemaData | null;
}

/** A record, or the error that fails it alone. */
export type BatchEntry = TypedRecord | GatewayError;

export interface RecordOptions {
  topic: string;
  /** Unix milliseconds: the timestamp of records without one. */
  now: number;
  /** Whether there is a registry for keys and values with schemas. */
  schemas: boolean;
  /** Reads the member `id`, which only records of a batch have. */
  readId?: (json: JsonScanner) => void;
}

/**
 * Reads one record: `{"partition_id"?, "headers"?, "key"?, "value"?, "timestamp"?}`, where null counts as absent. A record without a value
 * is a tombstone.
 *
 * @returns an error for well-formed JSON with invalid content
 * @throws {GatewayError} BadRequest for malformed JSON; InvalidRecord for anything but such an object
 */
export function readTypedRecord(json: JsonScanner, { topic, now, schemas, readId }: RecordOptions, place: Place): BatchEntry {
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw placeInvalid(place, 'an object');
  }
  let key: Data | GatewayError | null | undefined;
  let value: Data | GatewayError | null | undefined;
  let headers: Header[] | null | undefined;
  let partition: number | GatewayError | null | undefined;
  let timestamp: number | null | undefined;
  let hasId = readId === undefined;
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      place.field = name;
      if (name === 'value' && value === undefined) value = readData(json, place, schemas);
      else if (name === 'key' && key === undefined) key = readData(json, place, schemas);
      else if (name === 'partition_id' && partition === undefined) partition = json.null() ? null : readPartition(json, place);
      else if (name === 'timestamp' && timestamp === undefined) timestamp = json.null() ? null : readDate(json, place);
      else if (name === 'headers' && headers === undefined) headers = readHeaders(json, place, 'name');
      else if (name === 'id' && !hasId) {
        hasId = true;
        readId?.(json);
      } else refuseMember(name, readId === undefined ? fields : ['id', ...fields], place.owner());
    } while (json.more(CLOSE_BRACE));
  }
  place.field = '';
  for (const part of [partition, key, value]) if (part instanceof GatewayError) return part;
  return {
    ...typed(key, value),
    headers: headers ?? null,
    timestamp: timestamp ?? now,
    topic,
    partition: typeof partition === 'number' ? partition : null,
  };
}

type Part = Data | GatewayError | null | undefined;

const typed = (key: Part, value: Part): Pick<TypedRecord, 'key' | 'value' | 'keyType' | 'valueType'> => ({
  key: dataOf(key)?.bytes ?? null,
  value: dataOf(value)?.bytes ?? null,
  keyType: dataOf(key)?.type ?? null,
  valueType: dataOf(value)?.type ?? null,
});

const dataOf = (part: Part): Data | null => (part instanceof GatewayError ? null : (part ?? null));

/** A negative number is well-formed, but not a partition. */
function readPartition(json: JsonScanner, place: Place): number | GatewayError {
  const isNegative = json.peek() === MINUS;
  const partition = readInteger(json, MAX_PARTITION);
  if (partition !== NO_INTEGER) return partition;
  if (isNegative) return partitionNegative();
  throw placeInvalid(place, `an integer from 0 to ${MAX_PARTITION}`);
}

/** Refuses timestamps that the response could not show as a date. */
function readDate(json: JsonScanner, place: Place): number {
  const time = readTimestamp(json, place);
  if (time <= LAST_MS) return time;
  throw timeNotADate(place);
}
