import type { Around } from '../../push/attempt/attempt.ts';
import { groupOf } from '../../push/subscription/subscription.ts';
import { consumed } from '../traced/consumed.ts';
import type { OwnTrace } from '../traced/own-trace.ts';

/** Makes delivery attempts within spans of a trace. */
export const tracedDeliveries =
  (trace: OwnTrace): Around =>
  ({ name }, records, attempt) => {
    const [{ topic, partition, offset }] = records;
    const consuming = { operation: 'process', topics: [topic], group: groupOf(name) } as const;
    const place = { 'messaging.destination.partition.id': String(partition), 'messaging.kafka.offset': offset };
    return trace.within(consuming, attempt, (made) => ({
      ...consumed(
        consuming,
        records.map(({ record }) => record),
        { ...place, ...(typeof made?.status === 'number' && { 'http.response.status_code': made.status }) },
      ),
      ...(made !== null && made.error !== null && { error: made.verdict.kind }),
    }));
  };
