import { GatewayError } from '../../errors.ts';
import { JsonScanner } from '../../json/json-scanner.ts';
import { Place } from '../../json/place.ts';
import { MOST_RECORDS } from '../../limits-of-request.ts';
import { renamed } from '../../messages/message.ts';
import { noDataInStream } from '../../messages/v3.ts';
import { cutSequence } from './json-sequence.ts';
import { type BatchEntry, type RecordOptions, readTypedRecord } from './record.ts';

/**
 * Reads the body of `POST …/records`: records one after the other, each of which has its own fate. One that cannot be read does not keep
 * the next from it; malformed JSON is the last entry, as nothing behind it can be told apart. The bytes belong to this function from the
 * call on: they are rewritten on the way.
 *
 * @param most records, of as many as a request may have
 * @throws {GatewayError} InvalidPayload when there is nothing in the body; TooLarge for more than a request may have
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
    // In a stream all that does not parse as a record is 400. What is too much is so for the request.
    if (error instanceof GatewayError && error.name !== 'TooLarge') return renamed('BadRequest', error);
    throw error;
  }
}
