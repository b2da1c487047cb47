import type { RequestTrace } from './request-trace.ts';

/**
 * Takes the spans that a trace has by now, and gives them to the collector. Never rejects.
 *
 * @param service the name that they are told by
 * @returns how many were dropped
 */
export async function handOver(trace: RequestTrace, service: string): Promise<number> {
  const spans = trace.spans.splice(0);
  if (spans.length === 0) return 0;
  // Only in the zips of deployments with traces.
  const { exportSpans } = await import('./otlp.optional.ts');
  return exportSpans(trace, spans, service);
}
