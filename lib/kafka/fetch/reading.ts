import type { FetchAnswer, Isolation } from '../protocol/fetch.ts';
import type { StoredRecord } from '../record.ts';

/** Where to read in a partition. */
export interface ReadPosition {
  topic: string;
  partition: number;
  /** Of the next record. */
  offset: number;
  /** Stops before this offset; infinite for the end of the log. */
  until: number;
  /** Tells the topic from others of its name; undefined where that is unknown. */
  incarnation?: string | undefined;
  /** The offset that a reader had come to in an earlier topic of the name, where this position takes its place. */
  insteadOf?: number;
}

/** Lost offsets of a partition, from `from` up to but not including `to`. */
export interface Gap {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

/** How far a partition was read. */
export class Reading {
  readonly topic: string;
  readonly partition: number;
  readonly until: number;
  /** Of the topic that was read last. */
  incarnation: string | undefined;
  /** The next offset to read. */
  offset: number;
  /** In the order of their offsets. */
  records: StoredRecord[] = [];
  /** True when the last read of the partition failed. */
  failed = false;
  /** Up to where there is something to read; null while unknown. */
  #end: number | null = null;

  constructor({ topic, partition, offset, until, incarnation }: ReadPosition) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.until = until;
    this.incarnation = incarnation;
  }

  /** True when everything that was asked for has been read. */
  get isOver(): boolean {
    return this.offset >= this.until;
  }

  /** True when the log is known to hold more. */
  get isBehind(): boolean {
    return (this.lagFrom(this.offset) ?? 0) > 0;
  }

  /** Notes where the log ends. */
  heard({ highWatermark, lastStableOffset }: FetchAnswer, isolation: Isolation): void {
    this.#end = isolation === 'read_committed' ? lastStableOffset : highWatermark;
  }

  /** Continues at the present beginning of the log. @returns what it leaves out by that */
  skipTo(beginning: number, end: number): Gap {
    const { topic, partition, offset } = this;
    this.offset = beginning;
    this.#end = end;
    return { topic, partition, from: offset, to: beginning };
  }

  /** How many offsets are left, from `offset` on; null while unknown. */
  lagFrom(offset: number): number | null {
    if (offset >= this.until) return 0;
    if (this.#end === null || this.failed) return null;
    return Math.max(0, Math.min(this.#end, this.until) - offset);
  }
}
