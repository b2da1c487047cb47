import { GatewayError } from '../../errors.ts';
import { JsonScanner, textStart, utf8Length } from '../../json/json-scanner.ts';
import { MOST_RECORDS } from '../../limits-of-request.ts';
import { jsonNotUtf8, tooManyOf } from '../../messages/requests.ts';

/** JSON texts in sequence, and the error that ended it early, if any. */
export interface JsonSequence {
  readonly texts: readonly { readonly start: number; readonly end: number }[];
  readonly fault: GatewayError | null;
}

/**
 * Splits concatenated JSON texts, with or without whitespace between them: `{"a":1}{"a":2}` as well as one per line. A malformed text ends
 * the sequence, because nobody knows where the next one would begin; the texts before it count.
 *
 * @throws {GatewayError} TooLarge when there are more than `most` texts
 */
export function cutSequence(bytes: Buffer, most: number = MOST_RECORDS): JsonSequence {
  const length = utf8Length(bytes);
  const json = new JsonScanner(length === bytes.length ? bytes : bytes.subarray(0, length), textStart(bytes));
  const texts: { start: number; end: number }[] = [];
  try {
    while (json.peek() >= 0) {
      if (texts.length === most) break;
      const start = json.at;
      json.value();
      texts.push({ start, end: json.at });
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { texts, fault: length === bytes.length ? error : jsonNotUtf8(length) };
  }
  if (json.peek() >= 0) throw tooManyOf('records', most);
  return { texts, fault: length === bytes.length ? null : jsonNotUtf8(length) };
}
