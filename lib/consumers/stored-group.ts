import { jsonMembers, membersOf } from '../json/json-members.ts';
import type { Place } from '../kafka/groups/membership/coordinator.ts';
import { readerOf } from '../kafka/groups/membership/member-id.ts';
import { emptyRow, ownRow, type Row } from '../kafka/groups/membership/row.ts';
import { readTerm, type Term, writeTerm } from '../kafka/groups/membership/term.ts';
import { keyOf } from '../kafka/partition-key.ts';

/** How long a member may be silent, as with Kafka's own coordinator. */
export const SESSION_MS = 45_000;
/** How far the clocks of two processes may differ: others end a session this much later than its owner. */
export const SKEW_MS = 2000;
/** How long a consumer can rejoin after its session has ended. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** A consumer in the item of its group. */
export interface StoredMember {
  /** From `newMemberId`: it contains the options. */
  readonly id: string;
  readonly topics: readonly string[];
  /** Empty for none. */
  readonly pattern: string;
  /** Topics that the pattern matched when the consumer was last asked for. */
  readonly matched: readonly string[];
  /** When its session ends, in Unix milliseconds by the clock of the process that wrote it. */
  readonly until: number;
  readonly owned: readonly Place[];
  /** Of its polls; null for none. */
  readonly term: Term | null;
  /** Id of the write in which it last changed the group; empty for none. */
  readonly write: string;
}

/** The topics that a member reads. */
export const topicsOf = ({ topics, matched }: Pick<StoredMember, 'topics' | 'matched'>): ReadonlySet<string> =>
  new Set([...topics, ...matched]);

/** What is kept of a partition; its commit may not be in Kafka yet. */
export interface StoredRow extends Row {
  readonly isMirrored: boolean;
  /** What was committed for an earlier topic of this name, and may still be in Kafka; -1 for nothing. */
  readonly stale: number;
}

/**
 * The whole state of a group, as one text in one item. It is changed in place; a change counts once it has replaced the item that it was
 * read from.
 */
export class StoredGroup {
  readonly members = new Map<string, StoredMember>();
  /** The topics that members read, with their numbers of partitions: 0 for topics that do not exist. */
  readonly topics = new Map<string, number>();
  /** Ids of topics that members read, or of which something is kept, if the brokers tell them: a recreated topic has another. */
  readonly ids = new Map<string, string>();
  /** When the topics were asked for, in Unix milliseconds. */
  topicsAsOf = 0;
  readonly #rows = new Map<string, StoredRow>();

  /** @param text of {@link toText}; null for a group without state */
  constructor(text: string | null) {
    const { m, r, t, i, a } = text === null ? {} : (jsonMembers(text) ?? {});
    for (const [name, member] of Object.entries(membersOf(m))) this.members.set(name, readMember(membersOf(member)));
    for (const [topic, count] of Object.entries(membersOf(t))) this.topics.set(topic, numberOf(count));
    for (const [topic, id] of Object.entries(membersOf(i))) this.ids.set(topic, String(id));
    for (const [topic, partitions] of Object.entries(membersOf(r))) {
      for (const [partition, cells] of Object.entries(membersOf(partitions))) {
        const row = readCells({ topic, partition: Number(partition) }, Array.isArray(cells) ? cells : []);
        this.#rows.set(keyOf(row), row);
      }
    }
    this.topicsAsOf = numberOf(a);
  }

  toText(): string {
    const members = [...this.members].map(([name, { id, topics, pattern, matched, until, owned, term, write }]) => [
      name,
      {
        ...{ i: id, t: topics, p: pattern, m: matched, u: until, o: byTopic(owned) },
        ...(term !== null && { k: writeTerm(term) }),
        ...(write !== '' && { w: write }),
      },
    ]);
    const rows: Record<string, Record<number, unknown[]>> = Object.create(null);
    for (const row of this.#rows.values()) {
      const partitions = rows[row.topic] ?? {};
      partitions[row.partition] = cellsOf(row);
      rows[row.topic] = partitions;
    }
    const ids = this.ids.size > 0 && { i: Object.fromEntries(this.ids) };
    return JSON.stringify({
      ...{ m: Object.fromEntries(members), r: { ...rows }, t: Object.fromEntries(this.topics) },
      ...{ ...ids, a: this.topicsAsOf },
    });
  }

  /** What is kept of a partition; an empty row if nothing is. */
  of(place: Place): StoredRow {
    return this.#rows.get(keyOf(place)) ?? { ...emptyRow(place), isMirrored: true, stale: -1 };
  }

  /** Whether nothing is known of a partition except, perhaps, a commit in Kafka that does not count. */
  lacks(place: Place): boolean {
    const { committed, reader, position } = this.of(place);
    return committed < 0 && reader === '' && position === null;
  }

  rows(): StoredRow[] {
    return [...this.#rows.values()];
  }

  /** Stores a row; a new commit in it has yet to get to Kafka. */
  put(row: Row): void {
    const { committed, metadata, isMirrored, stale } = this.of(row);
    const isSame = committed === row.committed && metadata === row.metadata;
    this.#rows.set(keyOf(row), { ...row, isMirrored: isMirrored && isSame, stale: row.committed < 0 ? stale : -1 });
  }

  /** Stores a row whose commit is in Kafka. */
  putMirrored(row: Row): void {
    this.#rows.set(keyOf(row), { ...row, isMirrored: true, stale: -1 });
  }

  /** Begins at Kafka's commit, in a partition that the group lacks. */
  begin({ committed, metadata, ...place }: Row): void {
    if (committed >= 0 && committed !== this.of(place).stale) this.putMirrored({ ...emptyRow(place), committed, metadata });
  }

  /** Frees a reader's partitions; commits stay. */
  release(reader: string): void {
    for (const [key, row] of this.#rows) {
      if (row.reader !== reader) continue;
      if (row.committed < 0 && row.stale < 0) this.#rows.delete(key);
      else this.#rows.set(key, { ...row, ...ownRow(row, '') });
    }
  }

  /** Marks a topic as gone, until somebody sees it later. */
  forget(topic: string): void {
    this.topics.set(topic, 0);
    this.ids.delete(topic);
    for (const [key, row] of this.#rows) if (row.topic === topic) this.#rows.delete(key);
  }

  /** A topic was recreated: drops what is kept of the old one, whose commit in Kafka no longer counts. */
  renew(topic: string): void {
    for (const [key, row] of this.#rows) {
      if (row.topic !== topic) continue;
      const stale = row.committed < 0 ? row.stale : row.committed;
      if (stale < 0) this.#rows.delete(key);
      else this.#rows.set(key, { ...emptyRow(row), isMirrored: true, stale });
    }
  }

  /** Whether a topic was recreated since an earlier reading of the group. */
  isAnew(topic: string, before: StoredGroup): boolean {
    const [id, earlier] = [this.ids.get(topic), before.ids.get(topic)];
    return id !== undefined && earlier !== undefined && id !== earlier;
  }

  live(now: number): [string, StoredMember][] {
    return [...this.members].filter(([, { until }]) => until + SKEW_MS > now);
  }

  /** The topics that members subscribe to. */
  subscribed(): Set<string> {
    return new Set([...this.members.values()].flatMap((member) => [...topicsOf(member)]));
  }

  /** How many partitions members subscribe to. */
  countSubscribed(): number {
    return [...this.subscribed()].reduce((sum, topic) => sum + (this.topics.get(topic) ?? 0), 0);
  }

  /** Readers of all live members. */
  readers(now: number): Set<string> {
    return new Set(this.live(now).map(([, { id }]) => readerOf(id)));
  }

  /** What a consumer reads: what it owns, or was assigned by hand. */
  placesOf({ id, topics, pattern, owned }: StoredMember): readonly Place[] {
    if (topics.length > 0 || pattern !== '') return owned;
    const reader = readerOf(id);
    return this.rows().filter((row) => row.byHand && row.reader === reader);
  }

  /** Whether a consumer whose session has ended can rejoin: it must have a subscription or partitions by hand. */
  isKept(member: StoredMember, now: number): boolean {
    return member.until + KEPT_MS > now && (member.topics.length > 0 || this.placesOf(member).length > 0 || member.pattern !== '');
  }

  /** Ends sessions that are over: what they owned is free for others. */
  endSessions(now: number): void {
    for (const [name, member] of this.members) {
      if (member.until + SKEW_MS > now) continue;
      if (!this.isKept(member, now)) this.members.delete(name);
      else if (member.owned.length > 0) this.members.set(name, { ...member, owned: [] });
    }
  }

  /** Makes room: removes the older half of the consumers whose sessions have ended. False if there are none. */
  forgetOldest(now: number): boolean {
    const gone = [...this.members].filter(([, { until }]) => until + SKEW_MS <= now).sort(([, one], [, other]) => one.until - other.until);
    for (const [name] of gone.slice(0, Math.ceil(gone.length / 2))) this.members.delete(name);
    return gone.length > 0;
  }
}

function byTopic(places: readonly Place[]): Record<string, number[]> {
  const topics = Map.groupBy(places, ({ topic }) => topic);
  return Object.fromEntries([...topics].map(([topic, own]) => [topic, own.map(({ partition }) => partition)]));
}

const readMember = ({ i, t, p, m, u, o, k, w }: Readonly<Record<string, unknown>>): StoredMember => ({
  id: String(i),
  topics: textsOf(t),
  pattern: String(p),
  matched: textsOf(m),
  until: numberOf(u),
  owned: Object.entries(membersOf(o)).flatMap(([topic, partitions]) =>
    Array.isArray(partitions) ? partitions.map((partition) => ({ topic, partition: numberOf(partition) })) : [],
  ),
  term: readTerm(k),
  write: typeof w === 'string' ? w : '',
});

const BY_HAND = 1;
const UNMIRRORED = 2;

function cellsOf({ committed, reader, position, replay, byHand, isMirrored, metadata, stale }: StoredRow): unknown[] {
  const flags = (byHand ? BY_HAND : 0) + (isMirrored ? 0 : UNMIRRORED);
  const cells = [committed, reader, position ?? -1, flags];
  const isLong = replay !== null || metadata !== '' || stale >= 0;
  return [...cells, ...(isLong ? [replay?.poll ?? '', replay?.from ?? -1, metadata] : []), ...(stale >= 0 ? [stale] : [])];
}

function readCells(place: Place, [committed, reader, position, flags, poll, from, metadata, stale]: readonly unknown[]): StoredRow {
  const bits = numberOf(flags);
  return {
    ...{ ...place, committed: numberOf(committed), metadata: typeof metadata === 'string' ? metadata : '' },
    ...{ reader: String(reader), position: numberOf(position) < 0 ? null : numberOf(position) },
    replay: typeof poll === 'string' && poll !== '' ? { poll, from: numberOf(from) } : null,
    ...{ byHand: (bits & BY_HAND) > 0, term: null, isMirrored: (bits & UNMIRRORED) === 0, stale: typeof stale === 'number' ? stale : -1 },
  };
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
