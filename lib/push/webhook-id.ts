import { hash } from 'node:crypto';

/** Where a record stands. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A place as a text. */
export const textOf = ({ topic, partition, offset }: Place): string => `${topic}-${partition}-${offset}`;

const BYTES = 16;

/** The `webhook-id` of a record for a subscription: the same each time that it is delivered, by whichever process. */
export const webhookId = (subscription: string, place: Place): string =>
  hash('sha256', JSON.stringify([subscription, place.topic, place.partition, place.offset]), 'buffer')
    .subarray(0, BYTES)
    .toString('base64url');

/** The `webhook-id` of several records of one partition. */
export const batchId = (subscription: string, places: readonly Place[]): string =>
  places.length === 1
    ? webhookId(subscription, places[0])
    : hash('sha256', JSON.stringify([subscription, places.map(textOf)]), 'buffer')
        .subarray(0, BYTES)
        .toString('base64url');
