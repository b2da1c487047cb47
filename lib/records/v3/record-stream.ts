import { GatewayError } from '../../errors.ts';
import { JsonScanner } from '../../json/json-scanner.ts';
import { Place } from '../../json/place.ts';
import { MOST_RECORDS } from '../../limits-of-request.ts';
import { renamed } from '../../messages/message.ts';
import { noDataInStream } from '../../messages/v3.ts';
import { cutSequence } from './json-sequence.ts';
import { type BatchEntry, type RecordOptions, readTypedRecord } from './record.ts';

/**
 * Reads the body of `POST …/records`: concatenated records, each of which succeeds or fails on its own. An invalid record does not affect
 * the next; malformed JSON is the last entry, because nothing after it can be told apart. The function overwrites the bytes as it reads:
 * the caller gives them away.
 *
 * @param most a lower limit for the number of records than that of a request
 * @throws {GatewayError} InvalidPayload when the body is empty; TooLarge for more records than a request may have
 */
export function readRecordStream(bytes: Buffer, options: RecordOptions, most: number = MOST_RECORDS): BatchEntry[] {
  const { texts, fault } = cutSequence(bytes, Math.min(most, MOST_RECORDS));
  const place = new Place();
  const entries = texts.map(({ start, end }, index) => {
    place.begin(index);
    return readEntry(new JsonScanner(bytes, start, end), options, place);
  });
  if (fault !== null) entries.push(fault);
  if (entries.length === 0) throw noDataInStream();
  return entries;
}

function readEntry(json: JsonScanner, options: RecordOptions, place: Place): BatchEntry {
  try {
    return readTypedRecord(json, options, place);
  } catch (error) {
    // In a stream, a record that cannot be parsed is 400. TooLarge fails the whole request.
    if (error instanceof GatewayError && error.name !== 'TooLarge') return renamed('BadRequest', error);
    throw error;
  }
}
