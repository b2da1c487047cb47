import type { Place } from '../attempt/webhook-id.ts';
import type { LogPlace, LogPosition, SourceName } from './record-log.ts';

/** How far a partition was read, and up to which offset everything is finished. */
class Partition {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly until: number;
  /** The next offset to read. */
  next: number;
  /** Offsets that were read but are not finished, in ascending order. */
  readonly #pending = new Set<number>();

  constructor({ topic, partition, topicId, offset, until }: LogPosition) {
    this.topic = topic;
    this.partition = partition;
    this.topicId = topicId;
    this.next = offset;
    this.until = until;
  }

  begin(offset: number): () => void {
    this.#pending.add(offset);
    return () => this.#pending.delete(offset);
  }

  get done(): number {
    const [first = this.next] = this.#pending;
    return first;
  }
}

/** The partitions of one source: where to read on, and what may be committed. */
export class Progress {
  readonly source: SourceName;
  readonly #partitions = new Map<string, Partition>();
  /** Partitions that this process can no longer read. */
  readonly #stalled = new Set<string>();
  #committed = '';

  constructor(source: SourceName) {
    this.source = source;
  }

  /**
   * Adds new partitions, removes those whose topics are gone, and restarts those of a topic that was deleted and recreated. A topic loses no
   * partition: one that is not among the positions of its topic, as its id tells, has no leader at the moment.
   */
  update(positions: readonly LogPosition[]): void {
    const keys = new Set(positions.map(keyOf));
    const topics = new Set(positions.map(({ topicId }) => topicId).filter(Boolean));
    for (const [key, { topicId }] of this.#partitions) if (!keys.has(key) && !topics.has(topicId)) this.#partitions.delete(key);
    for (const position of positions) {
      const key = keyOf(position);
      if (this.#partitions.get(key)?.topicId === position.topicId) continue;
      this.#partitions.set(key, new Partition(position));
      this.#stalled.delete(key);
    }
  }

  /** Where to read on, without partitions that are stalled or complete. */
  get open(): LogPosition[] {
    return [...this.#partitions.values()]
      .filter((one) => one.next < one.until && !this.#stalled.has(keyOf(one)))
      .map(({ topic, partition, topicId, next: offset, until }) => ({ topic, partition, topicId, offset, until }));
  }

  stall(place: Pick<Place, 'topic' | 'partition'>): void {
    this.#stalled.add(keyOf(place));
  }

  /** Whether this process can no longer read a partition. */
  hasStalled(place: Pick<Place, 'topic' | 'partition'>): boolean {
    return this.#stalled.has(keyOf(place));
  }

  /** True when all partitions are finished up to their end; never true for a source without an end. */
  get isOver(): boolean {
    return [...this.#partitions.values()].every(({ done, until }) => done >= until);
  }

  /** Notes that a partition was read up to an offset. */
  passed({ topic, partition, offset }: Place): void {
    const found = this.#partitions.get(keyOf({ topic, partition }));
    if (found !== undefined) found.next = Math.max(found.next, offset);
  }

  /** Notes that a record is in progress. The caller calls the returned function when the record is finished. */
  begin({ topic, partition, offset }: Place): () => void {
    return this.#partitions.get(keyOf({ topic, partition }))?.begin(offset) ?? (() => undefined);
  }

  /** The offsets to commit: everything before them is finished. */
  get positions(): LogPlace[] {
    return [...this.#partitions.values()].map(({ topic, partition, topicId, done: offset }) => ({ topic, partition, topicId, offset }));
  }

  /** Whether positions, serialized, differ from those last passed to {@link committed}. */
  isNews(text: string): boolean {
    return text !== this.#committed;
  }

  committed(text: string): void {
    this.#committed = text;
  }
}

const keyOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${partition} ${topic}`;
