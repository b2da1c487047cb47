import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { GatewayError } from '../errors.ts';
import {
  bodyMissing,
  bodyMissingV3,
  bodyNotJson,
  bodyNotJsonAt,
  bodyNotUtf8,
  jsonExpected,
  memberOfPrototype,
} from '../messages/requests.ts';
import { isV3Route } from './api.ts';
import type { GatewayRequest } from './request.ts';

/** The part of the parser that this module uses. */
interface Parser {
  before?(request: { event: { headers?: object | null | undefined; body?: unknown; isBase64Encoded: boolean } }): unknown;
}

const parser: Parser = httpJsonBodyParser();

/** The parser calls a function for every value: megabytes of small values would take seconds. */
const LARGEST = 256 * 1024;

/**
 * Reads the body of a request as JSON: `application/json` and every `application/…+json`, compressed or not, of 256 KiB at most.
 *
 * @throws {GatewayError} UnsupportedMediaType; InvalidPayload without a body in v3 of the API; BadRequest when the body is missing, is not
 *   JSON, or has a member such as `__proto__` that would change an object's prototype; what `readBody` throws
 */
export async function readJson(request: GatewayRequest): Promise<unknown> {
  const bytes = await request.body(LARGEST);
  if (bytes.length === 0 && isV3Route(request.route)) throw bodyMissingV3();
  const event = { headers: { 'content-type': request.mediaType ?? '' }, body: decodeText(bytes), isBase64Encoded: false };
  try {
    parser.before?.({ event });
  } catch (thrown) {
    throw asGatewayError(thrown, bytes.length);
  }
  return event.body;
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw bodyNotUtf8.with({ cause });
  }
}

/** The parser's errors contain the whole body, and causes are logged: do not keep them as a cause. */
function asGatewayError(thrown: unknown, length: number): unknown {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return thrown;
  if (thrown.statusCode === 415) return jsonExpected();
  return length === 0 ? bodyMissing() : complaint(thrown.cause);
}

function complaint(cause: unknown): GatewayError {
  const message = typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : null;
  if (message === null) return memberOfPrototype();
  const [position] = /at position \d+/.exec(message) ?? [];
  return position === undefined ? bodyNotJson() : bodyNotJsonAt(position);
}
