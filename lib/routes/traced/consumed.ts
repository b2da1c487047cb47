import { type Attributes, kinds, type Span, type SpanContent } from '../../telemetry/request-trace.ts';
import { recordLinks, type WithHeaders } from './record-links.ts';

/** What is done with records: a client asks Kafka for them, or a queue; or somebody is sent them who waits for whatever comes. */
export type Operation = 'poll' | 'receive' | 'process';

/** The span of records that leave Kafka: what it is called. */
export interface Consuming {
  readonly operation: Operation;
  /** Those that the records are, or may be, of. */
  readonly topics: Iterable<string>;
  /** The consumer group in whose name it is done. */
  readonly group?: string;
}

/** The name of such a span. */
export function consumerSpan(consuming: Consuming): Pick<Span, 'name' | 'kind'> {
  const topic = onlyOf(consuming.topics);
  return { name: topic === null ? consuming.operation : `${consuming.operation} ${topic}`, kind: kinds.consumer };
}

/**
 * What such a span says of its records. It is linked to the spans of those who wrote them, which may be of many traces.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function consumed({ operation, topics, group }: Consuming, records: readonly WithHeaders[], more: Attributes = {}): SpanContent {
  const topic = onlyOf(topics);
  return {
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': operation,
      'messaging.operation.type': operation === 'process' ? 'process' : 'receive',
      ...(topic !== null && { 'messaging.destination.name': topic }),
      ...(group !== undefined && { 'messaging.consumer.group.name': group }),
      'messaging.batch.message_count': records.length,
      ...more,
    },
    ...recordLinks(records),
  };
}

/** Null where there are several, or none. */
function onlyOf(topics: Iterable<string>): string | null {
  const [topic, ...others] = new Set(topics);
  return topic === undefined || others.length > 0 ? null : topic;
}
