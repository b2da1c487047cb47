import { metricsSettings } from '../../metrics/settings.ts';
import type { Around } from '../../push/attempt.ts';
import { groupOf } from '../../push/subscription.ts';
import { kinds, RequestTrace } from '../../telemetry/request-trace.ts';
import { linksOf } from '../read/traced-poll.ts';

/** Of an invocation, spans beyond are dropped, and counted. */
const MOST_SPANS = 1000;

/** The trace of an invocation that delivers. */
export interface TracedDeliveries {
  /** Makes an attempt within a span, which is linked to the spans of those who wrote the records. */
  readonly around: Around;
  /** Hands the spans over. @returns how many were dropped */
  end(): Promise<number>;
}

/**
 * Begins the trace of an invocation; null where there are no spans.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function traceDeliveries(): TracedDeliveries | null {
  const trace = new RequestTrace({});
  if (!trace.hasSpans) return null;
  let surplus = 0;
  return {
    around({ name }, records, attempt) {
      if (trace.spans.length >= MOST_SPANS) {
        surplus++;
        return attempt();
      }
      const [{ topic, partition, offset }] = records;
      return trace.within({ name: `process ${topic}`, kind: kinds.consumer }, attempt, (outcome) => ({
        attributes: {
          'messaging.system': 'kafka',
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.destination.name': topic,
          'messaging.destination.partition.id': String(partition),
          'messaging.kafka.offset': offset,
          'messaging.batch.message_count': records.length,
          'messaging.consumer.group.name': groupOf(name),
          ...(typeof outcome?.status === 'number' && { 'http.response.status_code': outcome.status }),
        },
        links: linksOf(records.map(({ record }) => record)),
        ...(outcome !== null && outcome.error !== null && { error: outcome.verdict.kind }),
      }));
    },
    async end() {
      if (trace.spans.length === 0) return surplus;
      const root = { name: 'deliver', kind: kinds.consumer, spanId: trace.spanId, parentId: null, start: trace.began, end: trace.now() };
      trace.spans.push({ ...root, attributes: { 'messaging.system': 'kafka' }, links: [], error: null });
      // Only in the zips of deployments with traces.
      const { exportSpans } = await import('../../telemetry/otlp.optional.ts');
      return surplus + (await exportSpans(trace, metricsSettings.stack));
    },
  };
}
