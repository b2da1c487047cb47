import { hash } from 'node:crypto';
import { isObject, jsonMembers } from '../../../json/json-members.ts';
import { keyOf } from '../../partition-key.ts';
import type { CommittedOffset, OffsetToCommit } from '../offsets.ts';
import type { Place } from './coordinator.ts';
import { readTerm, type Term, writeTerm } from './term.ts';

/** Where a poll that may be repeated began. */
export interface Replay {
  /** Of {@link pollKey}. */
  readonly poll: string;
  readonly from: number;
}

/**
 * What a group keeps for a partition: the committed offset, and in its metadata the position of a consumer over HTTP. One commit with the
 * epoch of the member writes both; the coordinator refuses it if the group has moved on.
 */
export interface Row extends Place {
  /** -1 for none. */
  readonly committed: number;
  /** The user's part, as it was committed. */
  readonly metadata: string;
  /** The consumer whose position this is; empty for none. */
  readonly reader: string;
  /** Of the next record; null if none was read yet. */
  readonly position: number | null;
  readonly replay: Replay | null;
  /** True for a partition that its reader was assigned by hand. */
  readonly byHand: boolean;
  /** Of the reader's polls, in one of its partitions; null for none. */
  readonly term: Term | null;
}

/** The most bytes that the metadata of a user may take as JSON: Kafka allows 4096 for everything by default. */
export const MOST_METADATA_BYTES = 3500;

/** False for metadata that others have committed, and that leaves no room for ours: it is dropped. */
export const isShort = (metadata: string): boolean => Buffer.byteLength(JSON.stringify(metadata)) <= MOST_METADATA_BYTES;

/** Stands for a `poll_id`. */
export const pollKey = (pollId: string): string => hash('sha256', pollId, 'base64url').slice(0, 16);

/** @param offset as Kafka has it; metadata that the gateway did not write is the user's */
export function readRow({ topic, partition, offset, metadata }: CommittedOffset): Row {
  const ours = metadata.startsWith('{"m":') ? jsonMembers(metadata) : null;
  const place = { topic, partition, committed: offset };
  if (!isObject(ours) || typeof ours.m !== 'string') {
    return { ...place, metadata, reader: '', position: null, replay: null, byHand: false, term: null };
  }
  const { m, p, u, q, n, a, t } = ours;
  return {
    ...place,
    metadata: typeof u === 'string' ? u : '',
    reader: m,
    position: isOffset(p) ? p : null,
    replay: typeof n === 'string' && isOffset(q) ? { poll: n, from: q } : null,
    byHand: a === 1,
    term: readTerm(t),
  };
}

const isOffset = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** The offset to commit, from which {@link readRow} reads the row. */
export function writeRow({ topic, partition, committed, metadata, reader, position, replay, byHand, term }: Row): OffsetToCommit {
  const place = { topic, partition, offset: committed };
  // Metadata that a user commits could look like ours.
  if (reader === '' && !metadata.startsWith('{"m":')) return { ...place, metadata };
  const ours = {
    m: reader,
    ...(position !== null && { p: position }),
    ...(metadata !== '' && isShort(metadata) && { u: metadata }),
    ...(replay !== null && { q: replay.from, n: replay.poll }),
    ...(byHand && { a: 1 }),
    ...(term !== null && { t: writeTerm(term) }),
  };
  return { ...place, metadata: JSON.stringify(ours) };
}

/** A row for which nothing is stored yet. */
export const emptyRow = ({ topic, partition }: Place): Row => ({
  ...{ topic, partition, committed: -1, metadata: '', reader: '' },
  ...{ position: null, replay: null, byHand: false, term: null },
});

/** A row as its reader keeps it: nothing of an earlier reader. */
export const ownRow = (row: Row, reader: string): Row =>
  row.reader === reader ? row : { ...row, reader, position: null, replay: null, byHand: false, term: null };

/**
 * A row of a partition that its reader gives up, so that the next one begins at the committed offset. With auto commit, what was handed out
 * is committed, except what a repeated poll was to hand out: nobody has received that.
 *
 * @param poll of {@link pollKey}; null for a poll without `poll_id`, or for anything else
 */
export function givenUp(row: Row, { autoCommit, poll }: { autoCommit: boolean; poll: string | null }): Row {
  const received = isReplayOf(row, poll) ? row.replay.from : row.position;
  const committed = autoCommit && received !== null ? received : row.committed;
  return { ...ownRow(row, ''), committed };
}

/** Whether this poll has written a row before, and its answer did not arrive. */
export const isReplayOf = (row: Row, poll: string | null): row is Row & { replay: Replay } => poll !== null && row.replay?.poll === poll;

/** Whether this poll has moved a row since it was read: in another process, whose answer did not arrive. */
export const isMovedBy = (poll: string | null, reader: string, before: Row, now: Row): boolean =>
  now.reader === reader && isReplayOf(now, poll) && now.position !== before.position;

/** Whether nobody has moved a consumer in a partition. Committed offsets do not matter. */
export const isAsItWas = ({ position, replay }: Row, now: Row | undefined): boolean =>
  now?.position === position && now.replay?.poll === replay?.poll && now.replay?.from === replay?.from;

/** Whether Kafka keeps the same of two rows. */
export function isSameRow(one: Row, other: Row): boolean {
  const [{ offset, metadata }, theirs] = [writeRow(one), writeRow(other)];
  return offset === theirs.offset && metadata === theirs.metadata;
}

/** Rows by partition. */
export class Rows {
  readonly #rows = new Map<string, Row>();

  constructor(rows: readonly Row[]) {
    for (const row of rows) this.#rows.set(keyOf(row), row);
  }

  /** @param known the last known rows of some partitions */
  static read(offsets: readonly CommittedOffset[], known: readonly Row[] = []): Rows {
    const before = new Rows(known);
    return new Rows(offsets.map((offset) => before.#ifWritten(offset) ?? readRow(offset)));
  }

  #ifWritten(stored: CommittedOffset): Row | null {
    const row = this.#rows.get(keyOf(stored));
    if (row === undefined) return null;
    const { offset, metadata } = writeRow(row);
    return offset === stored.offset && metadata === stored.metadata ? row : null;
  }

  of(place: Place): Row {
    return this.#rows.get(keyOf(place)) ?? emptyRow(place);
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }
}

/** The places that are not among the others. */
export function without<One extends Place>(places: readonly One[], others: readonly Place[]): One[] {
  const keys = new Set(others.map(keyOf));
  return places.filter((place) => !keys.has(keyOf(place)));
}
