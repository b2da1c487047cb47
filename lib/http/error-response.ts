import { codeInV3, GatewayError } from '../errors.ts';
import { gatewayFailed } from '../messages/requests.ts';
import { isV3 } from './api.ts';
import { mediaTypes, prefer } from './media-types.ts';
import type { GatewayMiddleware } from './middleware.ts';
import { toResult } from './response.ts';

/** The generic type is the default; any of ours is given to a client that prefers it. */
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

/** v3 knows no other. */
const errorTypesOfV3 = [mediaTypes.plainJson] as const;

/**
 * Turns whatever was thrown into a response: `{"error_code", "message"}` with the status of a {@link GatewayError}, or 500 with nothing
 * but the request id. Leaves the GatewayError in `request.error`, the fault of a 500 as its cause.
 */
export const errorResponse: GatewayMiddleware = {
  onError(request) {
    const { received } = request.internal;
    const error = asGatewayError(request.error, received.requestId);
    const inV3 = isV3(received.path);
    const types = inV3 ? errorTypesOfV3 : errorTypes;
    request.error = error;
    request.response = toResult(
      {
        status: error.status,
        mediaType: prefer(received.headers.accept, types) ?? types[0],
        headers: error.retriable ? { 'retry-after': '1', ...error.headers } : error.headers,
        body: JSON.stringify({ error_code: inV3 ? codeInV3(error) : error.code, message: error.message }),
      },
      received.requestId,
    );
  },
};

/** The error for the client, whatever was thrown. */
export function asGatewayError(thrown: unknown, requestId: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return gatewayFailed.with({ cause: thrown }, requestId);
}
