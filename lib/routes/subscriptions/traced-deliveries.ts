import { metricsSettings } from '../../metrics/settings.ts';
import type { Around } from '../../push/attempt.ts';
import { groupOf } from '../../push/subscription.ts';
import { kinds, RequestTrace } from '../../telemetry/request-trace.ts';
import { SpanFlow } from '../../telemetry/span-flow.ts';
import { consumed, consumerSpan } from '../traced/consumed.ts';

/** The trace of an invocation that delivers. */
export interface TracedDeliveries {
  /** Makes an attempt within a span. */
  readonly around: Around;
  /** Hands the spans over that are left. @returns how many of all were dropped */
  end(): Promise<number>;
}

/** Begins the trace of an invocation; null where there are no spans. */
export function traceDeliveries(): TracedDeliveries | null {
  const trace = new RequestTrace({});
  if (!trace.hasSpans) return null;
  const flow = new SpanFlow(trace, metricsSettings.stack);
  let hasAny = false;
  return {
    async around({ name }, records, attempt) {
      hasAny = true;
      const [{ topic, partition, offset }] = records;
      const consuming = { operation: 'process', topics: [topic], group: groupOf(name) } as const;
      const place = { 'messaging.destination.partition.id': String(partition), 'messaging.kafka.offset': offset };
      const outcome = await trace.within(consumerSpan(consuming), attempt, (made) => ({
        ...consumed(
          consuming,
          records.map(({ record }) => record),
          { ...place, ...(typeof made?.status === 'number' && { 'http.response.status_code': made.status }) },
        ),
        ...(made !== null && made.error !== null && { error: made.verdict.kind }),
      }));
      flow.grown();
      return outcome;
    },
    async end() {
      if (hasAny) {
        const root = { name: 'deliver', kind: kinds.consumer, spanId: trace.spanId, parentId: null, start: trace.began, end: trace.now() };
        trace.spans.push({ ...root, attributes: { 'messaging.system': 'kafka' }, links: [], droppedLinks: 0, error: null });
      }
      await flow.end();
      return flow.dropped;
    },
  };
}
