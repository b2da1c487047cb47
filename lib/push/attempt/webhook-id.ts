import { hash } from 'node:crypto';
import type { Time } from '../../kafka/record.ts';

/** The place of a record. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A place as a text. */
export const textOf = ({ topic, partition, offset }: Place): string => `${topic}-${partition}-${offset}`;

/** A place and its record's timestamp. */
interface Timed extends Place {
  readonly record: { readonly timestamp: Time };
}

/** Identifies a record, even among records at the same place of a topic that was deleted and recreated. */
export const identityOf = (placed: Timed): string => `${textOf(placed)}-${placed.record.timestamp}`;

const BYTES = 16;

/** The `webhook-id` of records of one partition for a subscription: the same for each delivery of them, by any process. */
export const webhookId = (subscription: string, records: readonly Timed[]): string =>
  hash('sha256', JSON.stringify([subscription, ...records.map(identityOf)]), 'buffer')
    .subarray(0, BYTES)
    .toString('base64url');
