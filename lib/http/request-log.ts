import { GatewayError } from '../errors.ts';
import { log } from '../telemetry/log.ts';
import type { GatewayMiddleware, MiddlewareRequest } from './middleware.ts';

/** Logs one line a request. A fault of ours or of Kafka's (5xx) gets a second one with its whole cause, a client's error (4xx) with the gist of it. */
export const requestLog: GatewayMiddleware = { after: logRequest, onError: logRequest };

function logRequest({ internal, response, error }: MiddlewareRequest): void {
  const { received, routed, startedAt } = internal;
  const { requestId, method } = received;
  const { principal, mode } = routed ?? received.caller;
  if (error) logError(error, { requestId, principal });
  log.info('request', 'request', {
    requestId,
    route: routed?.route ?? null,
    method,
    status: response?.statusCode,
    error: error?.name,
    ms: Math.round((performance.now() - startedAt) * 100) / 100,
    principal,
    mode,
  });
}

/** Logs what went wrong, if there is more to say than the client is told. */
export function logError(error: Error, who: { requestId: string; principal: string | null }): void {
  if (!(error instanceof GatewayError) || error.status >= 500) log.error('request_failed', error.message, { ...who, error });
  else if (error.cause !== undefined) log.warn('request_failed', error.message, { ...who, error: error.name, cause: gist(error.cause) });
}

/** The message of a SyntaxError quotes the text that was parsed, which may be a record. */
function gist(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  return cause instanceof SyntaxError ? cause.name : `${cause.name}: ${cause.message}`;
}
