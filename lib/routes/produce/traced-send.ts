import type { OutgoingRecord } from '../../kafka/produce/assignment.ts';
import type { ProducedRecord } from '../../kafka/produce/produce-records.ts';
import { type Attributes, kinds, type RequestTrace } from '../../telemetry/request-trace.ts';

/**
 * Writes records within a span of the trace, if there is one; follows the semantic conventions for Kafka.
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function tracedSend(
  trace: RequestTrace | null | undefined,
  records: readonly OutgoingRecord[],
  write: () => Promise<ProducedRecord[]>,
): Promise<ProducedRecord[]> {
  if (!trace?.hasSpans || records.length === 0) return write();
  const [{ topic }] = records;
  const isOne = records.every((record) => record.topic === topic);
  const span = { name: isOne ? `send ${topic}` : 'send', kind: kinds.producer, ...(trace.ofRecords && { spanId: trace.ofRecords.spanId }) };
  return trace.within(span, write, (results) => ({
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      ...(isOne && { 'messaging.destination.name': topic }),
      'messaging.batch.message_count': records.length,
      ...(results !== null && placeOf(records, results)),
    },
    ...(results !== null && { error: failureOf(results) }),
  }));
}

/** The place of a record that is written alone. */
function placeOf(records: readonly OutgoingRecord[], results: readonly ProducedRecord[]): Attributes {
  const [result] = results;
  if (results.length !== 1 || 'error' in result) return {};
  const place = { 'messaging.destination.partition.id': String(result.partition), 'messaging.kafka.offset': result.offset };
  return records[0].value === null ? { ...place, 'messaging.kafka.message.tombstone': true } : place;
}

function failureOf(results: readonly ProducedRecord[]): string | null {
  const failed = results.find((result) => 'error' in result);
  return failed !== undefined && 'error' in failed ? failed.error.name : null;
}
