import { jsonMembers } from '../json/json-members.ts';
import { type NewRecord, type StoredRecord, type Time, whole } from '../kafka/record.ts';
import type { PlacedRecord } from './delivery-body.ts';
import { identityOf, type Place } from './webhook-id.ts';

/** A record that is to be tried again later. */
export interface ParkedEntry {
  readonly placed: PlacedRecord;
  /** Records of one lane are delivered in their order; null where order does not matter. */
  readonly lane: string | null;
  /** How often it was attempted. */
  attempts: number;
  /** When to try again, in Unix milliseconds. */
  due: number;
  /** What its endpoint answered the last time; null without an answer. */
  status: number | null;
  /** Why it goes to the dead letter topic, which could not be written to; null otherwise. */
  dead: string | null;
}

const META = 'push.entry';
/** In its place where the record is known by where it stands alone. */
const BARE_META = 'push.place';

/** An entry without its record, which is too large for the retry topic, and is to be read again from its own. */
export interface BareEntry extends Omit<ParkedEntry, 'placed' | 'lane'> {
  readonly place: Place;
  readonly timestamp: Time;
  readonly hasLane: boolean;
}

/**
 * An entry as a record of the retry topic: its key is what tells the record from all others, so that compaction keeps the last state of each; the value
 * and headers are the record's own, behind a header that says all else. What is done with is a record without a value.
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

/** The same without anything of the record's own, which is to be in its topic still when it is tried again. */
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

/** What takes an entry away. */
export const doneRecord = (id: string, now: number): NewRecord => ({
  key: whole(Buffer.from(id)),
  value: null,
  headers: null,
  timestamp: now,
});

/** What a record of the retry topic says of what its key names; both null: it is done with. */
export interface ReadEntry {
  readonly id: string;
  readonly entry: ParkedEntry | null;
  readonly bare: BareEntry | null;
}

/** Reads a record of the retry topic; null for one that is none of ours. */
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
    // Of its own, so that the page that it came with can go.
    value: meta.isTombstone === true ? null : whole(Buffer.from(value.bytes.subarray(value.start, value.end))),
    headers:
      own.length === 0 ? null : own.map((header) => ({ key: header.key, value: header.value === null ? null : Buffer.from(header.value) })),
  };
  const lane = typeof meta.lane === 'string' ? meta.lane : null;
  return { id, entry: { ...state, placed: { ...place, record }, lane }, bare: null };
}
