import type { PlacedRecord } from '../attempt/delivery-body.ts';
import type { ParkedEntry } from './parked-entry.ts';
import type { SourceName } from './record-log.ts';

/** A record to deliver. */
export interface Task {
  readonly placed: PlacedRecord;
  readonly source: SourceName;
  /** Records of one lane are delivered one after the other; null where order does not matter. */
  readonly lane: string | null;
  /** The position of its topic may pass it, though it is not delivered yet. */
  readonly pass: () => void;
  /** Nothing is left to do for it here: the position may pass it, and it takes no room any more. */
  readonly release: () => void;
}

/** Makes an entry of a record whose first attempt has failed. @param due Unix milliseconds */
export const entryOf = ({ placed, lane }: Task, due: number): ParkedEntry => ({
  ...{ placed, lane, attempts: 1, due, status: null, dead: null },
});

/** How the lanes of all records of a partition begin. */
export const lanesOf = ({ topic, partition }: Pick<PlacedRecord, 'topic' | 'partition'>): string => `${partition} ${topic} `;

/** The lane of a record whose order matters; null for one without a key. */
export const laneOf = ({ record: { key }, ...place }: PlacedRecord): string | null =>
  key === null ? null : `${lanesOf(place)}${key.bytes.toString('base64', key.start, key.end)}`;
