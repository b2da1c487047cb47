import type { Header, NewRecord } from '../kafka/record.ts';
import type { PlacedRecord } from './delivery-body.ts';

/** Why a record is not delivered. */
export interface DeadLetter {
  readonly subscription: string;
  readonly reason: string;
  readonly status: number | null;
  readonly attempts: number;
}

/** A record as it was, with headers that say where it stood and why it was not delivered. */
export function deadLetterRecord({ topic, partition, offset, record }: PlacedRecord, why: DeadLetter, now: number): NewRecord {
  const added: Record<string, string> = {
    'dlq.subscription': why.subscription,
    'dlq.reason': why.reason,
    ...(why.status !== null && { 'dlq.status': String(why.status) }),
    'dlq.attempts': String(why.attempts),
    ...{ 'dlq.topic': topic, 'dlq.partition': String(partition), 'dlq.offset': String(offset), 'dlq.timestamp': String(record.timestamp) },
  };
  const headers: Header[] = Object.entries(added).map(([key, value]) => ({ key, value: Buffer.from(value) }));
  return { key: record.key, value: record.value, headers: [...(record.headers ?? []), ...headers], timestamp: now };
}
