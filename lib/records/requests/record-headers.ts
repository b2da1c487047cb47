import type { JsonScanner } from '../../json/json-scanner.ts';
import { readString } from '../../json/json-string.ts';
import { readMemberName, refuseMember } from '../../json/member-name.ts';
import type { Place } from '../../json/place.ts';
import type { Header } from '../../kafka/record.ts';
import { MOST_HEADERS } from '../../limits-of-request.ts';
import { placeInvalid, placeMissing } from '../../messages/produce.ts';
import { tooManyOf } from '../../messages/requests.ts';
import { binary } from '../formats/binary.ts';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Reads a record's `headers`: an array of `{"key": string, "value": base64 | null}`, in every format. Order and duplicates are kept;
 * an absent value is null. Values are slices of the body's bytes.
 *
 * @param named the member that holds a header's key: v3 of the API calls it `name`
 * @returns null when there are none
 * @throws {GatewayError} BadRequest for malformed JSON or base64; InvalidRecord for anything else that is invalid; TooLarge
 */
export function readHeaders(json: JsonScanner, place: Place, named: 'key' | 'name' = 'key'): Header[] | null {
  if (json.null()) return null;
  if (json.peek() !== OPEN_BRACKET) {
    json.value();
    throw placeInvalid(place, `an array of {"${named}": string, "value": base64 or null}`);
  }
  if (!json.enter(CLOSE_BRACKET)) return null;
  const headers: Header[] = [];
  do {
    if (++place.headers > MOST_HEADERS) throw tooManyOf('headers', MOST_HEADERS);
    place.header = headers.length;
    headers.push(readHeader(json, place, named));
  } while (json.more(CLOSE_BRACKET));
  place.header = -1;
  return headers;
}

function readHeader(json: JsonScanner, place: Place, named: string): Header {
  place.field = '';
  if (json.peek() !== OPEN_BRACE) {
    json.value();
    throw placeInvalid(place, `an object {"${named}": string, "value": base64 or null}`);
  }
  let key: string | undefined;
  let value: Buffer | null | undefined;
  if (json.enter(CLOSE_BRACE)) {
    do {
      const name = readMemberName(json);
      place.field = name;
      if (name === named && key === undefined) key = readKey(json, place);
      else if (name === 'value' && value === undefined) value = readValue(json, place);
      else refuseMember(name, [named, 'value'], place.owner());
    } while (json.more(CLOSE_BRACE));
  }
  place.field = named;
  if (key === undefined) throw placeMissing(place, 'a string');
  return { key, value: value ?? null };
}

function readKey(json: JsonScanner, place: Place): string {
  if (json.peek() !== QUOTE) {
    json.value();
    throw placeInvalid(place, 'a string');
  }
  const start = json.at + 1;
  return json.bytes.toString('utf8', start, readString(json, place));
}

function readValue(json: JsonScanner, place: Place): Buffer | null {
  const slice = binary.read(json, place);
  return slice === null ? null : slice.bytes.subarray(slice.start, slice.end);
}
