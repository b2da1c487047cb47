import { deadLetterHeaders } from '../../kafka/dead-letter-headers.ts';
import type { NewRecord } from '../../kafka/record.ts';
import type { PlacedRecord } from '../attempt/delivery-body.ts';

/** Why a record is not delivered. */
export interface DeadLetter {
  readonly subscription: string;
  readonly reason: string;
  readonly status: number | null;
  readonly attempts: number;
}

/** The unchanged record, with headers that say where it came from and why it was not delivered. */
export function deadLetterRecord({ topic, partition, offset, record }: PlacedRecord, why: DeadLetter, now: number): NewRecord {
  const { subscription, reason, status, attempts } = why;
  const facts = { subscription, reason, status, attempts, topic, partition, offset, timestamp: record.timestamp };
  return { key: record.key, value: record.value, headers: [...(record.headers ?? []), ...deadLetterHeaders(facts)], timestamp: now };
}
