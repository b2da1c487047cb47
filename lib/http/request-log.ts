import type { NamingMode } from '../access/modes.ts';
import { codeInV3, GatewayError } from '../errors.ts';
import { emfMembers } from '../metrics/emf.ts';
import { isListenedTo, tell } from '../metrics/listener.ts';
import { metricsSettings } from '../metrics/settings.ts';
import { takeWork } from '../metrics/work.ts';
import { isLogged, log, quoted } from '../telemetry/log.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';
import { isV3Route } from './api.ts';
import { bodySize } from './body-size.ts';
import type { GatewayMiddleware, MiddlewareRequest } from './middleware.ts';
import { endTrace } from './traced.ts';

/**
 * Logs one line per request. A second line follows for a fault of the gateway or Kafka (5xx), with its whole cause, and for a client's
 * error (4xx) that has a cause, with its gist.
 */
export const requestLog: GatewayMiddleware = { after: logAtTheEnd, onError: logAtTheEnd };

/** Logs at once where there is no trace to hand over. */
function logAtTheEnd(request: MiddlewareRequest): Promise<void> | undefined {
  const ended = endTrace(request);
  if (ended === undefined) logResponse(request);
  return ended?.then(() => logResponse(request));
}

function logResponse({ internal, response, error }: MiddlewareRequest): void {
  const { received, routed, startedAt } = internal;
  const { requestId, method, body } = received;
  const { principal, mode } = routed ?? received.caller;
  if (error) logError(error, { requestId, principal });
  logAnswer({
    ...{ requestId, method, startedAt, principal, mode },
    route: routed?.route ?? null,
    status: response?.statusCode ?? 500,
    error: error ?? null,
    trace: routed?.trace ?? null,
    bytesIn: bodySize(body.text, body.isBase64),
    bytesOut: bodySize(response?.body ?? '', response?.isBase64Encoded === true),
  });
}

/** What the log says of an answered request. */
interface Answered {
  requestId: string;
  /** Null if no route matched. */
  route: string | null;
  method: string;
  status: number;
  error: Error | null;
  /** From `performance.now()`. */
  startedAt: number;
  principal: string | null;
  mode: NamingMode | undefined;
  trace?: RequestTrace | null;
  /** Of the bodies. */
  bytesIn: number;
  bytesOut: number;
}

let isFirst = true;

/** Logs the line of a request, with its metrics. */
export function logAnswer({
  requestId,
  route,
  method,
  status,
  error,
  startedAt,
  principal,
  mode,
  trace,
  bytesIn,
  bytesOut,
}: Answered): void {
  const now = performance.now();
  const ms = Math.round((now - startedAt) * 100) / 100;
  const work = takeWork(now);
  const isInfo = isLogged('info');
  const hasMetrics = metricsSettings.emf && isInfo;
  let metrics = '';
  if (hasMetrics || isListenedTo()) {
    const errorCode = error instanceof GatewayError ? shownCode(error, route) : null;
    const measured = { ...work, route, status, errorCode, ms, bytesIn, bytesOut, isFirst };
    if (hasMetrics) metrics = emfMembers(measured, metricsSettings, Date.now());
    tell(measured);
  }
  isFirst = false;
  if (!isInfo) return;
  // Builds JSON by hand: every request pays for this line.
  const failure = error === null ? '' : `,"error":${quoted(error.name)}`;
  const caller = `,"principal":${principal === null ? null : quoted(principal)}${mode === undefined ? '' : `,"mode":"${mode}"`}`;
  const place = `,"route":${route === null ? null : quoted(route)},"method":${quoted(method)}`;
  const ofTrace = trace ? traceMembers(trace) : '';
  const about = `,"requestId":${quoted(requestId)}${place},"status":${status}${failure},"ms":${ms}${caller}${ofTrace}`;
  log.info('request', 'request', undefined, about + metrics);
}

/** The `error_code` that the response has. */
const shownCode = (error: GatewayError, route: string | null): number =>
  route !== null && isV3Route(route) ? codeInV3(error) : error.code;

const traceMembers = ({ traceId, dropped }: RequestTrace): string =>
  `,"trace_id":"${traceId}"${dropped === 0 ? '' : `,"spansDropped":${dropped}`}`;

/** Logs what went wrong, if the client's message does not say it all. */
export function logError(error: Error, who: { requestId: string; principal: string | null }): void {
  if (!(error instanceof GatewayError) || error.status >= 500) log.error('request_failed', error.message, { ...who, error });
  else if (error.cause !== undefined) log.warn('request_failed', error.message, { ...who, error: error.name, cause: gist(error.cause) });
}

/** The message of a SyntaxError quotes the text that was parsed, which may be a record. */
function gist(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  return cause instanceof SyntaxError ? cause.name : `${cause.name}: ${cause.message}`;
}
