import type { RequestTrace } from './request-trace.ts';

/**
 * Removes the finished spans from a trace and sends them to the collector. Never rejects.
 *
 * @param service the service name of the spans
 * @returns how many were dropped
 */
export async function handOver(trace: RequestTrace, service: string): Promise<number> {
  const spans = trace.spans.splice(0);
  if (spans.length === 0) return 0;
  // Only zips of deployments with traces have this module.
  const { exportSpans } = await import('./otlp.optional.ts');
  return exportSpans(trace, spans, service);
}
