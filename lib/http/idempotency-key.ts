import { keyInvalid } from '../messages/idempotency.ts';

const MAX_LENGTH = 255;
/** A string of RFC 8941, with quotes and backslashes escaped. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
/** The form that many clients send instead: visible ASCII without quotes, backslashes, commas and semicolons. */
const BARE = /^[!#-+\--:<-[\]-~]*$/;

/**
 * The key in the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a quoted string, or the same without quotes.
 * @throws {GatewayError} BadRequest when it is neither, empty, or longer than 255 characters
 */
export function parseIdempotencyKey(header: string): string {
  const text = header.trim();
  const key = QUOTED.exec(text)?.[1].replaceAll(/\\(.)/g, '$1') ?? BARE.exec(text)?.[0] ?? '';
  if (key !== '' && key.length <= MAX_LENGTH) return key;
  throw keyInvalid(MAX_LENGTH);
}
