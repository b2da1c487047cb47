import type { GatewayError } from '../../errors.ts';
import { cursorAfterEnd, cursorOfEarlierTopic } from '../../messages/read.ts';
import type { FetchAnswer, Isolation } from '../protocol/fetch.ts';
import type { StoredRecord } from '../record.ts';
import { Effort } from '../record-batch/effort.ts';
import { MOST_RECORDS_READ } from '../record-batch/record-page.ts';
import { type Gap, Reading, type ReadPosition } from './reading.ts';
import { type AfterEnd, DOUBTED_MS } from './skip-expired.ts';
import type { Taken } from './take-records.ts';
import type { VisibleRecords } from './visible-records.ts';

export interface PageOptions {
  isolation: Isolation;
  /** Of keys and values; at least one record is returned, whatever its size. */
  maxBytes: number;
  /** Records with more bytes are returned without their content. No limit by default. */
  largest?: number;
  maxRecords: number;
  /** Bytes of batches that each leader waits for; 1 by default. */
  minBytes?: number;
  /** How long to wait for a record, in milliseconds. */
  waitMs: number;
  /** Unix milliseconds. */
  deadline: number;
  /** Whether topics may have been made anew since their positions were taken: they are read from their beginning then. */
  mayBeAnew?: boolean;
  /** Which records are wanted; null for all. */
  keep: ((record: StoredRecord) => boolean) | null;
  visible: VisibleRecords;
}

/** Taken off the time, so that an empty poll is answered before the deadline. */
const MARGIN_MS = 500;
/** The most bytes of stored batches that one page searches for wanted records. */
const MAX_SCANNED_BYTES = 16 * 1024 * 1024;
/** A page with this part of its limit is full: the rest is not worth another round. */
const FULL = 0.8;
const MAX_ROUNDS_WITH_RECORDS = 8;

/** What `readPartitions` has read so far, and whether it is worth to go on. */
export class Page {
  readonly readings: Reading[];
  readonly gaps: Gap[];
  readonly options: PageOptions;
  readonly effort: Effort;
  /** How long to wait for a record, in Unix milliseconds. */
  readonly waitUntil: number;
  /** Of all records. */
  count = 0;
  /** Of keys and values of all records. */
  bytes = 0;
  /** The largest batch that exceeded its partition's share: brokers send such a batch only if nothing comes before it. */
  largest = 0;
  /** The error of a batch that cannot be read; the records before it are returned first. */
  unreadable: GatewayError | null = null;

  readonly #positions: readonly ReadPosition[];
  #doubtedSince: number | null = null;
  /** How many rounds took records. */
  #rounds = 0;
  #scanned = 0;
  /** True when the last round took no record, and skipped to none. */
  #isIdle = false;
  /** True when one answer held as much as the page may hold: the overhead of its batches is not worth another round. */
  #isServed = false;

  constructor(positions: readonly ReadPosition[], options: PageOptions) {
    this.#positions = positions;
    this.readings = positions.map((position) => new Reading(position));
    this.gaps = positions.flatMap(({ topic, partition, insteadOf: from, offset: to }) =>
      from === undefined ? [] : { topic, partition, from, to },
    );
    this.options = options;
    this.waitUntil = Math.min(Date.now() + options.waitMs, options.deadline - MARGIN_MS);
    this.effort = new Effort(options.deadline - MARGIN_MS);
  }

  /** Those that have not reached their end. */
  get open(): Reading[] {
    return this.readings.filter(({ isOver }) => !isOver);
  }

  /** Those with more records to fetch at once; first those without records on the page. */
  get behind(): Reading[] {
    const behind = this.readings.filter(({ isBehind }) => isBehind);
    const isServed = ({ records }: Reading) => records.length > 0;
    return [...behind.filter((one) => !isServed(one)), ...behind.filter(isServed)];
  }

  /** Those whose last read failed. */
  get failed(): Reading[] {
    return this.readings.filter(({ failed }) => failed);
  }

  /** True when a reading has moved, so that another page from here would differ. */
  get hasMoved(): boolean {
    return this.readings.some(({ offset }, i) => offset !== this.#positions[i].offset);
  }

  /** True if another round for its records is not worth the wait. */
  get hasEnough(): boolean {
    return this.count > 0 && (this.behind.length === 0 || this.#rounds > MAX_ROUNDS_WITH_RECORDS || this.#isIdle);
  }

  /** True while a log ends before a position, and it is too early to believe that. */
  get isInDoubt(): boolean {
    return this.#doubtedSince !== null;
  }

  /**
   * Judges the readings of a round that are after the end of their logs, or in earlier topics of the name: at first they count as failed.
   * When that lasts, they begin anew, if their topics may be new ones.
   *
   * @returns what they leave out by that
   * @throws {GatewayError} InvalidArgument otherwise
   */
  judge(afterEnd: readonly AfterEnd[], incarnationNow: (topic: string) => string | undefined): Gap[] {
    if (afterEnd.length === 0) {
      this.#doubtedSince = null;
      return [];
    }
    this.#doubtedSince ??= Date.now();
    if (Date.now() < Math.min(this.#doubtedSince + DOUBTED_MS, this.options.deadline - 2 * MARGIN_MS)) {
      for (const { reading } of afterEnd) reading.failed = true;
      return [];
    }
    this.#doubtedSince = null;
    return afterEnd.flatMap(({ reading, beginning, end }) => {
      const { topic, partition, offset } = reading;
      if (!this.options.mayBeAnew) throw offset > end ? cursorAfterEnd(offset, partition, topic, end) : cursorOfEarlierTopic(topic);
      reading.incarnation = incarnationNow(topic);
      const gap = reading.skipTo(beginning, end);
      return gap.from === gap.to ? [] : [gap];
    });
  }

  /**
   * Adds what a round took of the answers.
   *
   * @param share of the bytes of an answer that each partition could use
   * @param takesAll whether every record is wanted
   * @param skipped whether a reading has skipped offsets
   */
  add(taken: Taken, answers: Iterable<FetchAnswer>, { share, takesAll, skipped }: { share: number; takesAll: boolean; skipped: boolean }) {
    this.count += taken.count;
    this.bytes += taken.bytes;
    this.unreadable = taken.failure;
    this.#isIdle = taken.count === 0 && !skipped;
    if (taken.count > 0) this.#rounds++;
    for (const { start, end } of answers) {
      this.#scanned += end - start;
      this.#isServed ||= takesAll && taken.count > 0 && end - start >= this.options.maxBytes * FULL;
      if (end - start > share) this.largest = Math.max(this.largest, end - start);
    }
  }

  /** True when the batches of the rounds were as many bytes as one page may search. */
  get hasSearchedEnough(): boolean {
    return this.#scanned >= MAX_SCANNED_BYTES;
  }

  /** How many more records the page may hold. */
  get roomForRecords(): number {
    return Math.min(this.options.maxRecords, MOST_RECORDS_READ) - this.count;
  }

  get isFull(): boolean {
    const { maxBytes } = this.options;
    const another = this.count === 0 ? 0 : this.bytes / this.count;
    return this.#isServed || this.roomForRecords <= 0 || this.bytes + another > maxBytes || this.bytes >= maxBytes * FULL;
  }
}
