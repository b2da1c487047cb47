import type { PlacedRecord } from './delivery-body.ts';
import type { ParkedEntry } from './parked-entry.ts';
import type { SourceName } from './record-log.ts';

/** A record on its way, and what is to be called when the position of its topic may pass it. */
export interface Task {
  readonly placed: PlacedRecord;
  readonly source: SourceName;
  /** What must be delivered one after the other; null where the order does not matter. */
  readonly lane: string | null;
  readonly release: () => void;
}

/** A record that was attempted once, as one that waits. @param due Unix milliseconds */
export const entryOf = ({ placed, lane }: Task, due: number): ParkedEntry => ({
  ...{ placed, lane, attempts: 1, due, status: null, dead: null },
});

/** The lane of a record whose order matters; null for one without a key. */
export const laneOf = ({ topic, partition, record: { key } }: PlacedRecord): string | null =>
  key === null ? null : `${partition} ${topic} ${key.bytes.toString('base64', key.start, key.end)}`;
