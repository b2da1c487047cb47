import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { mediaTypes } from './media-types.ts';

/** The largest size of a body as a JSON string with its quotes: Lambda's answer holds 6 MiB, and the rest of the answer needs its share. */
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
  /** Whether the body is base64 of the bytes that the client is to get. */
  isBase64?: boolean;
  /** What is sent in place of the body, as it comes, by whoever can send a stream. */
  stream?: ByteStream;
}

/** Bytes that are sent as they come. */
export interface ByteStream {
  /** To be read to its end, or given back by `return`: then it lets go of what it holds. */
  readonly chunks: AsyncIterable<Buffer>;
  /** When it ends by itself, in Unix milliseconds. Whoever does not take it by then is left. */
  readonly until: number;
}

/** A response as API Gateway takes it (payload format 2.0). */
export interface GatewayResult extends APIGatewayProxyStructuredResultV2 {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  stream?: ByteStream;
}

/** Writes a response: the exact media type where there is a body, the request id, and the headers that the route gave, which win. */
export function toResult(
  { status = 200, mediaType = mediaTypes.generic, headers, body, isBase64 = false, stream }: GatewayResponse,
  requestId: string,
): GatewayResult {
  const all: Record<string, string> = {
    ...(status !== 204 && { 'content-type': mediaType }),
    // A cache in front that is told nothing may keep a response (CloudFront, for a day) and repeat offsets that have moved on.
    'cache-control': 'no-store',
    'x-request-id': requestId,
  };
  if (headers !== undefined) {
    for (const name in headers) all[name.toLowerCase()] = oneLine(headers[name]);
  }
  return { statusCode: status, headers: all, body, ...(isBase64 && { isBase64Encoded: true }), ...(stream && { stream }) };
}

/** A line break in a value would let what follows pass for a header of its own. */
const oneLine = (value: string): string => value.replace(/[^\t -~]/g, ' ');
