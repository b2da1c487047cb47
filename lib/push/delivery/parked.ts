import { GatewayError } from '../../errors.ts';
import { lengthOf, type NewRecord, type StoredRecord } from '../../kafka/record.ts';
import type { PlacedRecord } from '../attempt/delivery-body.ts';
import { identityOf, type Place } from '../attempt/webhook-id.ts';
import { type BareEntry, bareRecord, doneRecord, entryRecord, type ParkedEntry, type ReadEntry, readEntry } from './parked-entry.ts';
import type { RetryLog } from './record-log.ts';
import { laneOf, lanesOf } from './task.ts';

/** At most this many records are parked; the records after them stay in their topic. */
const MOST = 1000;
const MOST_BYTES = 16 * 1024 * 1024;
/** If the retry topic is longer than this, and than this many times its live entries, the entries are written again at its end. */
const LONG_LOG = 200;
const LIVELINESS = 4;

interface Kept {
  readonly entry: ParkedEntry;
  readonly id: string;
  /** The offset of its last state in the retry topic; null until it is written. */
  at: number | null;
  /** Changes that are not written yet. */
  changes: number;
  /** The record is too large for the retry topic, which holds only its place. */
  isBare: boolean;
  isBeingSaved: boolean;
  isBusy: boolean;
  /** Called once the entry is in the retry topic, or has ended before that. */
  release: () => void;
}

/**
 * The records of a subscription that wait for another attempt: in its retry topic, and in memory while a process delivers. {@link save}
 * writes changes to the retry topic; until then, the positions of the records' own topics must not pass them.
 */
export class Parked {
  readonly #kept = new Map<string, Kept>();
  readonly #byEntry = new WeakMap<ParkedEntry, Kept>();
  readonly #lanes = new Map<string, Kept[]>();
  readonly #done = new Set<string>();
  /** Large records that cannot be read now, by their ids: they stay in the retry topic, for the next run. */
  readonly #unread = new Map<string, { bare: BareEntry; at: number }>();
  readonly #log: RetryLog;
  readonly #may: (topic: string) => boolean;
  #bytes = 0;
  #end = 0;

  /** @param may whether records of a topic may be delivered now; otherwise they wait, even when they are due */
  constructor(log: RetryLog, may: (topic: string) => boolean) {
    this.#log = log;
    this.#may = may;
  }

  /**
   * Reads what other processes have parked.
   *
   * @param isWanted whether the subscription still wants records of a topic
   * @param buries whether the subscription still has a dead letter topic; without one, what belongs there is delivered again
   * @returns the places of records that are dropped: unwanted ones, and large ones that are gone from their topics
   */
  async load(isWanted: (topic: string) => boolean, buries: boolean): Promise<Place[]> {
    const { records, next } = await this.#log.retries();
    this.#end = next;
    const alive = new Map<string, { read: ReadEntry; at: number }>();
    for (const record of records) {
      const read = readEntry(record);
      if (read === null) continue;
      if (read.entry === null && read.bare === null) alive.delete(read.id);
      else alive.set(read.id, { read, at: record.offset });
    }
    const isLong = records.length > Math.max(LONG_LOG, LIVELINESS * alive.size);
    const found: { entry: ParkedEntry; id: string; at: number; isBare: boolean }[] = [];
    const lost: Place[] = [];
    for (const [id, { read, at }] of alive) {
      const place = read.entry?.placed ?? read.bare?.place;
      const entry = place === undefined || !isWanted(place.topic) ? null : (read.entry ?? (await this.#whole(read, at)));
      if (this.#unread.has(id)) continue;
      if (entry !== null) {
        if (!buries) entry.dead = null;
        found.push({ entry, id, at, isBare: read.bare !== null });
      } else {
        this.#done.add(id);
        if (place !== undefined) lost.push(place);
      }
    }
    found.sort((a, b) => a.entry.placed.offset - b.entry.placed.offset);
    for (const one of found) this.#keep({ ...one, changes: isLong ? 1 : 0 }, () => undefined);
    return lost;
  }

  /** Completes an entry with the record from its topic; null where the record is gone, or noted as unread. */
  async #whole({ id, bare }: ReadEntry, at: number): Promise<ParkedEntry | null> {
    if (bare === null) return null;
    const { place, timestamp, hasLane, ...state } = bare;
    const record = await this.#recordAt(place);
    if (record === 'unread') this.#unread.set(id, { bare, at });
    if (record === 'unread' || record === null || identityOf({ ...place, record }) !== id) return null;
    const placed = { ...place, record };
    return { ...state, placed, lane: hasLane ? laneOf(placed) : null };
  }

  /** Each read of a partition without a leader takes its whole time: it is tried once. */
  async #recordAt(place: Place): Promise<StoredRecord | 'unread' | null> {
    if (this.#unreadOf(lanesOf(place)).length > 0) return 'unread';
    try {
      return await this.#log.recordAt(place);
    } catch (error) {
      if (error instanceof GatewayError && error.retriable) return 'unread';
      throw error;
    }
  }

  /** The unread records of the partition of a lane. */
  #unreadOf(lane: string): BareEntry[] {
    return [...this.#unread.values()].map(({ bare }) => bare).filter(({ place }) => lane.startsWith(lanesOf(place)));
  }

  /** True when some records could not be read: only another run has them. */
  get isPartial(): boolean {
    return this.#unread.size > 0;
  }

  get size(): number {
    return this.#kept.size + this.#unread.size;
  }

  get isFull(): boolean {
    return this.size >= MOST || this.#bytes >= MOST_BYTES;
  }

  /** When the first entry is due, in Unix milliseconds; infinite without entries. */
  get nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { entry } of this.#heads()) next = Math.min(next, entry.due);
    return next;
  }

  /** The timestamp of the oldest parked record, in Unix milliseconds; null without any. */
  get oldest(): number | null {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { entry } of this.#kept.values()) oldest = Math.min(oldest, Number(entry.placed.record.timestamp));
    for (const { bare } of this.#unread.values()) oldest = Math.min(oldest, Number(bare.timestamp));
    return Number.isFinite(oldest) ? oldest : null;
  }

  /** Whether a record is parked already. */
  has(placed: PlacedRecord): boolean {
    const id = identityOf(placed);
    return this.#kept.has(id) || this.#unread.has(id);
  }

  /** Whether records of a lane are parked: others of that lane must not overtake them. */
  isLaneHeld(lane: string | null): boolean {
    return lane !== null && (this.#lanes.has(lane) || this.#isBehindUnread(lane));
  }

  /** Whether records of a lane come, or may come, after an unread one, whose key is not known. */
  #isBehindUnread(lane: string): boolean {
    return this.#unreadOf(lane).some(({ hasLane }) => hasLane);
  }

  /**
   * Parks a record. One that is parked already, by a replay that delivers it at the same time, has one entry.
   *
   * @param release called when the position of the record's topic may pass the record
   */
  add(entry: ParkedEntry, release: () => void): void {
    const id = identityOf(entry.placed);
    const known = this.#kept.get(id);
    if (known !== undefined) {
      const before = known.release;
      known.release = () => {
        before();
        release();
      };
      if (known.at !== null) known.release();
      return;
    }
    this.#done.delete(id);
    this.#keep({ entry, id, at: null, changes: 1, isBare: false }, release);
  }

  /**
   * Takes an entry that is due, the first of its lane; if it belongs in the dead letter topic, with all others that do. The caller must pass
   * each to {@link again} or {@link finish}.
   */
  take(now: number): ParkedEntry[] {
    const taken: ParkedEntry[] = [];
    for (const kept of this.#heads()) {
      const { isBusy, entry } = kept;
      if (isBusy || entry.due > now || (taken.length > 0 && entry.dead === null)) continue;
      kept.isBusy = true;
      taken.push(entry);
      if (entry.dead === null) break;
    }
    return taken;
  }

  /** The entry, which the caller may have changed, waits for another attempt. @returns false for one that is not parked */
  again(entry: ParkedEntry): boolean {
    const kept = this.#byEntry.get(entry);
    if (kept === undefined) return false;
    kept.isBusy = false;
    kept.changes++;
    return true;
  }

  /** The entry ends: it was delivered or given up. */
  finish(entry: ParkedEntry): void {
    const kept = this.#byEntry.get(entry);
    if (kept === undefined) return;
    const { id } = kept;
    if (!this.#kept.delete(id)) return;
    this.#bytes -= sizeOf(entry);
    if (entry.lane !== null) {
      const left = (this.#lanes.get(entry.lane) ?? []).filter((one) => one !== kept);
      if (left.length === 0) this.#lanes.delete(entry.lane);
      else this.#lanes.set(entry.lane, left);
    }
    if (kept.at !== null || kept.isBeingSaved) this.#done.add(id);
    kept.release();
  }

  /** True while the retry topic lacks a change. */
  get isUnsaved(): boolean {
    return this.#done.size > 0 || [...this.#kept.values()].some(({ changes }) => changes > 0);
  }

  /** Writes the changes to the retry topic. @throws {GatewayError} when that fails; the caller may repeat it */
  async save(now: number): Promise<void> {
    const changed = [...this.#kept.values()].filter(({ changes }) => changes > 0);
    const done = [...this.#done];
    if (changed.length + done.length === 0) return;
    const before = changed.map(({ changes }) => changes);
    for (const kept of changed) kept.isBeingSaved = true;
    const records: NewRecord[] = [
      ...done.map((id) => doneRecord(id, now)),
      ...changed.map(({ entry, isBare }) => (isBare ? bareRecord : entryRecord)(entry, now)),
    ];
    const written = await this.#log.append(records).finally(() => {
      for (const kept of changed) kept.isBeingSaved = false;
    });
    done.forEach((id, i) => {
      if (typeof written[i] === 'number') this.#done.delete(id);
    });
    const tooLarge: Kept[] = [];
    changed.forEach((kept, i) => {
      const at = written[done.length + i];
      if (at === 'too-large' && !kept.isBare) tooLarge.push(kept);
      if (typeof at !== 'number') return;
      kept.at = at;
      kept.changes -= before[i];
      kept.release();
    });
    for (const at of written) if (typeof at === 'number') this.#end = Math.max(this.#end, at + 1);
    if (tooLarge.length === 0) return;
    for (const kept of tooLarge) kept.isBare = true;
    await this.save(now);
  }

  /** The offset from which on the retry topic holds all live entries. */
  get position(): number {
    let position = this.#end;
    for (const { at } of [...this.#kept.values(), ...this.#unread.values()]) if (at !== null) position = Math.min(position, at);
    return position;
  }

  *#heads(): Generator<Kept> {
    const asked = new Map<string, boolean>();
    for (const kept of this.#kept.values()) {
      const { lane, placed } = kept.entry;
      const may = asked.get(placed.topic) ?? this.#may(placed.topic);
      asked.set(placed.topic, may);
      if (!may) continue;
      if (lane === null || (this.#lanes.get(lane)?.[0] === kept && !this.#isBehindUnread(lane))) yield kept;
    }
  }

  #keep(state: Pick<Kept, 'entry' | 'id' | 'at' | 'changes' | 'isBare'>, release: () => void): void {
    let isHeld = true;
    const kept: Kept = {
      ...state,
      isBeingSaved: false,
      isBusy: false,
      release: () => {
        if (isHeld) release();
        isHeld = false;
      },
    };
    this.#kept.set(state.id, kept);
    this.#byEntry.set(state.entry, kept);
    this.#bytes += sizeOf(state.entry);
    const { lane } = state.entry;
    if (lane !== null) this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), kept]);
  }
}

const sizeOf = ({ placed: { record } }: ParkedEntry): number => lengthOf(record.value);
