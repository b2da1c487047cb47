import { type Attributes, kinds, type Span, type SpanContent } from '../../telemetry/request-trace.ts';
import { recordLinks, type WithHeaders } from './record-links.ts';

/** How records leave Kafka, in OpenTelemetry's terms: a client polls for them, receives them from a queue, or is sent them as they arrive. */
export type MessagingOperation = 'poll' | 'receive' | 'process';

/** What names the span of records that leave Kafka. */
export interface Consuming {
  readonly operation: MessagingOperation;
  /** The topics of the records, or those that were read. */
  readonly topics: Iterable<string>;
  /** The consumer group, if the records are read for one. */
  readonly group?: string;
}

/** The name and kind of the span. */
export function consumerSpan(consuming: Consuming): Pick<Span, 'name' | 'kind'> {
  const topic = onlyOf(consuming.topics);
  return { name: topic === null ? consuming.operation : `${consuming.operation} ${topic}`, kind: kinds.consumer };
}

/**
 * The attributes and links of the span. Its links lead to the spans that produced the records, which may belong to many traces.
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

/** The only topic; null for none or several. */
function onlyOf(topics: Iterable<string>): string | null {
  const [topic, ...others] = new Set(topics);
  return topic === undefined || others.length > 0 ? null : topic;
}
