import { parseInteger } from '../../integer.ts';
import { parseIso8601 } from '../../iso-8601.ts';
import { readInteger } from '../../json/json-integer.ts';
import type { JsonScanner } from '../../json/json-scanner.ts';
import { readString } from '../../json/json-string.ts';
import type { Place } from '../../json/place.ts';
import { placeInvalid } from '../../messages/produce.ts';

const QUOTE = 0x22;

/**
 * Reads a record's timestamp: Unix milliseconds, as a number or a string; or an ISO 8601 date, or date and time, from 1970 on, such as
 * `2025-01-31T12:00:00.5+01:00`. As everywhere in the API, a time without a zone is UTC, and digits beyond milliseconds are cut off.
 *
 * @returns Unix milliseconds
 * @throws {GatewayError} BadRequest for malformed JSON; InvalidRecord for anything that is not a time
 */
export function readTimestamp(json: JsonScanner, place: Place): number {
  const time = json.peek() === QUOTE ? readText(json, place) : readInteger(json, Number.MAX_SAFE_INTEGER);
  if (time >= 0) return time;
  throw placeInvalid(place, 'Unix milliseconds or an ISO 8601 time such as 2025-01-31T12:00:00Z');
}

function readText(json: JsonScanner, place: Place): number {
  const start = json.at + 1;
  const end = readString(json, place);
  const text = json.bytes.toString('latin1', start, end);
  return parseInteger(text) ?? parseIso8601(text);
}
