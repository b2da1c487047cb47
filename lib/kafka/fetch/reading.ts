import type { FetchAnswer, Isolation } from '../protocol/fetch.ts';
import type { StoredRecord } from '../record.ts';

/** Where to read in a partition. */
export interface ReadPosition {
  topic: string;
  partition: number;
  /** Of the next record. */
  offset: number;
  /** Before which to stop; infinite for the end of the log. */
  until: number;
}

/** Offsets of a partition that are gone: from the first, to before the last. */
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
  /** What is read next. */
  offset: number;
  /** In the order of their offsets. */
  records: StoredRecord[] = [];
  /** True when the partition could not be read the last time that it was asked for. */
  failed = false;
  /** Up to where there is something to read; null while that is not known. */
  #end: number | null = null;

  constructor({ topic, partition, offset, until }: ReadPosition) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.until = until;
  }

  /** True when nothing is left that was asked for. */
  get isOver(): boolean {
    return this.offset >= this.until;
  }

  /** True when the log is known to go on. */
  get isBehind(): boolean {
    return (this.lagFrom(this.offset) ?? 0) > 0;
  }

  /** Takes notice of where the log ends. */
  heard({ highWatermark, lastStableOffset }: FetchAnswer, isolation: Isolation): void {
    this.#end = isolation === 'read_committed' ? lastStableOffset : highWatermark;
  }

  /** Goes on where the log begins by now. */
  skipTo(beginning: number, end: number): void {
    this.offset = beginning;
    this.#end = end;
  }

  /** How many offsets are left from one on; null when that is not known. */
  lagFrom(offset: number): number | null {
    if (offset >= this.until) return 0;
    if (this.#end === null || this.failed) return null;
    return Math.max(0, Math.min(this.#end, this.until) - offset);
  }
}
