import { metricsSettings } from '../metrics/settings.ts';
import { handOver } from '../telemetry/hand-over.ts';
import { kinds } from '../telemetry/request-trace.ts';
import type { MiddlewareRequest } from './middleware.ts';

/** Ends the span of a request and exports its spans before the response goes out; undefined when there are none. */
export function endTrace({ internal, response, error }: MiddlewareRequest): Promise<void> | undefined {
  const trace = internal.routed?.trace;
  if (!trace?.hasSpans) return undefined;
  const { routed } = internal;
  const status = response?.statusCode ?? 500;
  const route = routed?.route.replace(/^\S+ /, '') ?? '';
  trace.spans.push({
    name: routed?.route ?? '',
    kind: kinds.server,
    spanId: trace.spanId,
    parentId: trace.parentId,
    start: trace.began,
    end: trace.now(),
    attributes: { 'http.request.method': routed?.method ?? '', 'http.route': route, 'http.response.status_code': status },
    links: [],
    droppedLinks: 0,
    error: status >= 500 ? (error?.name ?? String(status)) : null,
  });
  return handOver(trace, metricsSettings.stack).then((dropped) => {
    trace.dropped = dropped;
  });
}
