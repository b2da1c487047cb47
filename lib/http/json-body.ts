import httpJsonBodyParser from '@middy/http-json-body-parser';
import { GatewayError } from '../errors.ts';
import { isV3 } from './api.ts';
import type { GatewayRequest } from './request.ts';

/** The part of the parser that is used here. */
interface Parser {
  before?(request: { event: { headers?: object | null | undefined; body?: unknown; isBase64Encoded: boolean } }): unknown;
}

const EMPTY = 'Payload error. Request body is empty. Data is required.';

const parser: Parser = httpJsonBodyParser();

/** The parser looks at every value with a function of its own, which takes seconds for megabytes of small ones. */
const LARGEST = 256 * 1024;

/**
 * Reads the body of a request as JSON: `application/json` and every `application/…+json`, compressed or not.
 *
 * @param limit in bytes, of the body as sent and of the body decompressed; 256 KiB unless given
 * @throws {GatewayError} UnsupportedMediaType; InvalidPayload without a body in v3 of the API; BadRequest when the body is missing, not JSON, or has a member that reaches for an
 *   object's prototype; what `readBody` throws
 */
export async function readJson(request: GatewayRequest, limit: number = LARGEST): Promise<unknown> {
  const bytes = await request.body(limit);
  const path = request.route.slice(request.route.indexOf('/'));
  if (bytes.length === 0 && isV3(path)) throw new GatewayError('InvalidPayload', EMPTY);
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
    throw new GatewayError('BadRequest', 'The request body is not UTF-8 text', { cause });
  }
}

/** The parser's errors carry the whole body, so they are not kept as a cause: causes are logged. */
function asGatewayError(thrown: unknown, length: number): unknown {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return thrown;
  if (thrown.statusCode === 415) {
    return new GatewayError('UnsupportedMediaType', 'Send the body as JSON, with Content-Type: application/json');
  }
  if (length === 0) return new GatewayError('BadRequest', 'The request has no body: send a JSON object');
  return new GatewayError('BadRequest', complaint(thrown.cause));
}

function complaint(cause: unknown): string {
  const message = typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : null;
  if (message === null) return 'The request body has a member named __proto__, or a constructor with a prototype: leave it out';
  const [position] = /at position \d+/.exec(message) ?? [];
  return `The request body is not valid JSON${position === undefined ? '' : `: see ${position}`}`;
}
