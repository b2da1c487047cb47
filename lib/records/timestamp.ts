import { GatewayError } from '../errors.ts';
import { readInteger } from './json-integer.ts';
import type { JsonScanner } from './json-scanner.ts';
import { readString } from './json-string.ts';
import type { Place } from './place.ts';

const QUOTE = 0x22;

/**
 * Passes a record's time: Unix milliseconds, or a string that is an ISO 8601 date or date and time from 1970 on, such as
 * `2025-01-31T12:00:00.5+01:00`. As everywhere in the API, a time without a zone is UTC, and digits beyond milliseconds are cut off.
 *
 * @returns Unix milliseconds
 * @throws {GatewayError} BadRequest for malformed JSON; InvalidRecord for anything that is no time
 */
export function readTimestamp(json: JsonScanner, place: Place): number {
  const time = json.peek() === QUOTE ? readIso8601(json, place) : readInteger(json, Number.MAX_SAFE_INTEGER);
  if (time >= 0) return time;
  throw new GatewayError('InvalidRecord', `${place} must be Unix milliseconds or an ISO 8601 time such as 2025-01-31T12:00:00Z`);
}

function readIso8601(json: JsonScanner, place: Place): number {
  const start = json.at + 1;
  const end = readString(json, place);
  return parseIso8601(json.bytes.toString('latin1', start, end));
}

const date = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const clock = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?`;
const zone = String.raw`(?:Z|([+-])(\d\d)(?::?(\d\d))?)`;
const iso8601 = new RegExp(`^${date}(?:T${clock}${zone}?)?$`, 'i');

/** Unix milliseconds; NaN when the text is no time. */
function parseIso8601(text: string): number {
  const match = iso8601.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', sign, zoneHour = '00', zoneMinute = '00'] = match;
  const local = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second, +fraction.slice(0, 3).padEnd(3, '0'));
  // Date.UTC carries over what does not exist, such as February 30 or 24:00.
  const exists = new Date(local).toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
  if (!exists || +zoneHour > 23 || +zoneMinute > 59) return Number.NaN;
  const offset = (+zoneHour * 60 + +zoneMinute) * 60_000;
  return sign === '-' ? local + offset : local - offset;
}
