import type { StoredRecord } from '../../kafka/record.ts';
import { kinds, type RequestTrace } from '../../telemetry/request-trace.ts';
import { readTraceparent, type TraceContext } from '../../telemetry/trace-context.ts';

/**
 * Reads records within a span of the trace, if there is one. It is linked to the spans of those who wrote the records, which may be of
 * many traces.
 *
 * @param topic null where there are several
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function tracedPoll<Page>(
  trace: RequestTrace | null | undefined,
  topic: string | null,
  read: () => Promise<Page>,
  recordsOf: (page: Page) => readonly StoredRecord[],
): Promise<Page> {
  if (!trace?.hasSpans) return read();
  return trace.within({ name: topic === null ? 'poll' : `poll ${topic}`, kind: kinds.consumer }, read, (page) => {
    const records = page === null ? [] : recordsOf(page);
    return {
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'poll',
        'messaging.operation.type': 'receive',
        ...(topic !== null && { 'messaging.destination.name': topic }),
        'messaging.batch.message_count': records.length,
      },
      links: linksOf(records),
    };
  });
}

/** The contexts that records carry, each once. */
export function linksOf(records: readonly StoredRecord[]): TraceContext[] {
  const links = new Map<string, TraceContext>();
  for (const { headers } of records) {
    const text = headers?.find(({ key }) => key === 'traceparent')?.value?.toString('latin1') ?? '';
    const context = links.has(text) ? null : readTraceparent(text);
    if (context !== null) links.set(text, context);
  }
  return [...links.values()];
}
