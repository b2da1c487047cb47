import { MOST_PARSED_BYTES } from '../limits-of-request.ts';
import { parsedTooLong } from '../messages/requests.ts';
import type { JsonScanner } from './json-scanner.ts';
import type { Place } from './place.ts';

const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/**
 * Passes and parses the value at the scanner's position. A container may hold millions of objects, so a request has a budget for parsed
 * bytes, which its place counts.
 *
 * @throws {GatewayError} BadRequest for malformed JSON; TooLarge
 */
export function parseValue(json: JsonScanner, place: Place): unknown {
  const first = json.peek();
  const start = json.at;
  json.value();
  if (first === OPEN_BRACKET || first === OPEN_BRACE) {
    place.parsedBytes += json.at - start;
    if (place.parsedBytes > MOST_PARSED_BYTES) throw parsedTooLong(MOST_PARSED_BYTES);
  }
  return JSON.parse(json.bytes.toString('utf8', start, json.at));
}
