import { codeInV3, GatewayError } from '../errors.ts';
import { gatewayFailed } from '../messages/requests.ts';
import { isV3 } from './api.ts';
import { mediaTypes, prefer } from './media-types.ts';
import type { GatewayMiddleware } from './middleware.ts';
import { type GatewayResult, toResult } from './response.ts';

/** The first is the default; a client that prefers another one gets it. */
const errorTypes = [
  mediaTypes.generic,
  mediaTypes.plainJson,
  mediaTypes.binary,
  mediaTypes.json,
  mediaTypes.text,
  mediaTypes.avro,
  mediaTypes.jsonschema,
  mediaTypes.protobuf,
] as const;

/** v3 has only this one. */
const errorTypesOfV3 = [mediaTypes.plainJson] as const;

/**
 * Turns anything thrown into a response: `{"error_code", "message"}` with the status of a {@link GatewayError}; for any other error,
 * 500 with only the request id. Leaves the GatewayError in `request.error`; the cause of a 500 is the original error.
 */
export const errorResponse: GatewayMiddleware = {
  onError(request) {
    const { received } = request.internal;
    const error = asGatewayError(request.error, received.requestId);
    request.error = error;
    request.response = errorResult(error, received.path, received.headers.accept, received.requestId);
  },
};

/** The response to an error, in the media type that the client prefers among those of the API's version. */
export function errorResult(error: GatewayError, path: string, accept: string | undefined, requestId: string): GatewayResult {
  const inV3 = isV3(path);
  const types = inV3 ? errorTypesOfV3 : errorTypes;
  return toResult(
    {
      status: error.status,
      mediaType: prefer(accept, types) ?? types[0],
      headers: headersOf(error),
      body: JSON.stringify({ error_code: inV3 ? codeInV3(error) : error.code, message: error.message }),
    },
    requestId,
  );
}

/** The headers of the response to an error. A client that may try again is told when. */
const headersOf = ({ retriable, headers }: GatewayError): Record<string, string> =>
  retriable ? { 'retry-after': '1', ...headers } : headers;

/** The error to show to the client. */
export function asGatewayError(thrown: unknown, requestId: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return gatewayFailed.with({ cause: thrown }, requestId);
}
