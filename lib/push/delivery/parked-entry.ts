import { jsonMembers } from '../../json/json-members.ts';
import { type NewRecord, type StoredRecord, type Time, whole } from '../../kafka/record.ts';
import type { PlacedRecord } from '../attempt/delivery-body.ts';
import { identityOf, type Place } from '../attempt/webhook-id.ts';

/** A record that waits for another attempt. */
export interface ParkedEntry {
  readonly placed: PlacedRecord;
  /** Records of one lane are delivered in order; null where order does not matter. */
  readonly lane: string | null;
  /** How many attempts it has had. */
  attempts: number;
  /** When to try again, in Unix milliseconds. */
  due: number;
  /** The endpoint's last status; null when it did not answer. */
  status: number | null;
  /** Why the record belongs in the dead letter topic, which could not be written; null otherwise. */
  dead: string | null;
}

const META = 'push.entry';
/** Replaces {@link META} in an entry that has only the record's place. */
const BARE_META = 'push.place';

/** An entry without its record, which is too large for the retry topic and must be read again from its own topic. */
export interface BareEntry extends Omit<ParkedEntry, 'placed' | 'lane'> {
  readonly place: Place;
  readonly timestamp: Time;
  readonly hasLane: boolean;
}

/**
 * An entry as a record of the retry topic. Its key identifies the parked record, so that compaction keeps the last state of each. Value and
 * headers are the parked record's own; a first header holds everything else. A tombstone ends an entry.
 */
export function entryRecord({ placed, lane, attempts, due, status, dead }: ParkedEntry, now: number): NewRecord {
  const { topic, partition, offset, record } = placed;
  const { key, value, headers, timestamp } = record;
  const meta = {
    ...{ topic, partition, offset, timestamp: String(timestamp), lane, attempts, due, status, dead },
    key: key === null ? null : key.bytes.toString('base64', key.start, key.end),
    isTombstone: value === null,
  };
  return {
    key: whole(Buffer.from(identityOf(placed))),
    value: value ?? whole(Buffer.alloc(0)),
    headers: [{ key: META, value: Buffer.from(JSON.stringify(meta)) }, ...(headers ?? [])],
    timestamp: now,
  };
}

/** An entry without the record's content, which is read from its topic again for the next attempt. */
export const bareRecord = ({ placed, lane, attempts, due, status, dead }: ParkedEntry, now: number): NewRecord => {
  const { topic, partition, offset, record } = placed;
  const meta = { topic, partition, offset, timestamp: String(record.timestamp), hasLane: lane !== null, attempts, due, status, dead };
  return {
    key: whole(Buffer.from(identityOf(placed))),
    value: whole(Buffer.alloc(0)),
    headers: [{ key: BARE_META, value: Buffer.from(JSON.stringify(meta)) }],
    timestamp: now,
  };
};

/** The tombstone that ends an entry. */
export const doneRecord = (id: string, now: number): NewRecord => ({
  key: whole(Buffer.from(id)),
  value: null,
  headers: null,
  timestamp: now,
});

/** A record of the retry topic, parsed. Both `entry` and `bare` are null when the entry has ended. */
export interface ReadEntry {
  readonly id: string;
  readonly entry: ParkedEntry | null;
  readonly bare: BareEntry | null;
}

/** Reads a record of the retry topic; null for one that the gateway did not write. */
export function readEntry({ key, value, headers }: StoredRecord): ReadEntry | null {
  if (key === null) return null;
  const id = key.bytes.toString('utf8', key.start, key.end);
  if (value === null) return { id, entry: null, bare: null };
  const [first, ...own] = headers ?? [];
  const meta = first?.key === META || first?.key === BARE_META ? jsonMembers(first.value?.toString() ?? '') : null;
  if (meta === null) return null;
  const time = BigInt(String(meta.timestamp));
  const timestamp = Number.isSafeInteger(Number(time)) ? Number(time) : time;
  const place = { topic: String(meta.topic), partition: Number(meta.partition), offset: Number(meta.offset) };
  const state = {
    attempts: Number(meta.attempts),
    due: Number(meta.due),
    status: typeof meta.status === 'number' ? meta.status : null,
    dead: typeof meta.dead === 'string' ? meta.dead : null,
  };
  if (first.key === BARE_META) return { id, entry: null, bare: { ...state, place, timestamp, hasLane: meta.hasLane === true } };
  const record: StoredRecord = {
    offset: place.offset,
    timestamp,
    key: typeof meta.key === 'string' ? whole(Buffer.from(meta.key, 'base64')) : null,
    // A copy, so that the fetched page can be freed.
    value: meta.isTombstone === true ? null : whole(Buffer.from(value.bytes.subarray(value.start, value.end))),
    headers:
      own.length === 0 ? null : own.map((header) => ({ key: header.key, value: header.value === null ? null : Buffer.from(header.value) })),
  };
  const lane = typeof meta.lane === 'string' ? meta.lane : null;
  return { id, entry: { ...state, placed: { ...place, record }, lane }, bare: null };
}
