import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { mediaTypes } from './media-types.ts';

/**
 * The maximum size of a body as a JSON string with its quotes: Lambda's response holds 6 MiB, of which headers and the rest need a part.
 */
export const MAX_ENCODED_BYTES = 6 * 1024 * 1024 - 16 * 1024;

/** A route's result. */
export interface GatewayResponse {
  /** 200 when absent. */
  status?: number;
  /** `application/vnd.kafka.v2+json` when absent; a 204 has none. */
  mediaType?: string;
  /** Further headers; names in any case. */
  headers?: Readonly<Record<string, string>>;
  body: string;
  /** Whether `body` is base64 of the bytes for the client. */
  isBase64?: boolean;
  /** Sent in place of the body as its chunks arrive, where the platform can stream. */
  stream?: ByteStream;
}

/** Bytes to send as they arrive. */
export interface ByteStream {
  /** Read it to its end, or call `return`: then it releases its resources. */
  readonly chunks: AsyncIterable<Buffer>;
  /** When the stream ends by itself, in Unix milliseconds. A client that is too slow to take it by then is dropped. */
  readonly until: number;
}

/** A response for API Gateway (payload format 2.0). */
export interface GatewayResult extends APIGatewayProxyStructuredResultV2 {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  stream?: ByteStream;
}

/** Makes a result of a response: adds the exact media type if there is a body, and the request id. Headers of the route take precedence. */
export function toResult(
  { status = 200, mediaType = mediaTypes.generic, headers, body, isBase64 = false, stream }: GatewayResponse,
  requestId: string,
): GatewayResult {
  const all: Record<string, string> = {
    ...(status !== 204 && { 'content-type': mediaType }),
    // Without it, a cache in front may keep a response (CloudFront: for a day) and repeat offsets that have since moved on.
    'cache-control': 'no-store',
    'x-request-id': requestId,
  };
  if (headers !== undefined) {
    for (const name in headers) all[name.toLowerCase()] = oneLine(headers[name]);
  }
  return { statusCode: status, headers: all, body, ...(isBase64 && { isBase64Encoded: true }), ...(stream && { stream }) };
}

/** A line break in a value would let the rest pass for another header. */
const oneLine = (value: string): string => value.replace(/[^\t -~]/g, ' ');
