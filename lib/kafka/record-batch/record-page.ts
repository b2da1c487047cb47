import type { StoredRecord } from '../record.ts';
import type { Batch } from './batch.ts';
import { copyRecord } from './copy-record.ts';
import { type Effort, MOST_HEADERS_READ } from './effort.ts';
import { countHeaders, lengthOf, readHeaders, readSlice, readTime, sizeOfContent } from './record-fields.ts';
import { LONGEST_VARINT, sizeOfVarint, VarintReader } from './varint.ts';

/** What to take from batches. */
export interface TakeOptions {
  /** Records before it are left out: brokers send whole batches. */
  from: number;
  /** Stop after this many records. */
  maxRecords: number;
  /** Of keys, values and headers together; at least one record is taken, whatever its size. */
  maxBytes: number;
  /** Whether the first record is taken whatever its size; true by default. */
  atLeastOne?: boolean;
  /** Records with more bytes are taken without their content. No limit by default. */
  largest?: number;
  /** Stop before this offset. */
  until?: number;
  /** Which records are taken; the others are skipped and do not count. All by default. */
  keep?: (record: StoredRecord) => boolean;
  /** How much work reading may do. No limit by default. */
  effort?: Effort;
}

/** Far more than a response can hold; a batch of a few kilobytes may inflate to many times as many, if its records are empty. */
export const MOST_RECORDS_READ = 100_000;
/** Enough to read a record's length, time and offset. */
const LONGEST_BEGINNING = 32;
/** The clock is checked after this many bytes of records; each record counts as some more bytes. */
const BYTES_BETWEEN_LOOKS = 32 * 1024;
const BYTES_FOR_A_RECORD = 32;

/** The records taken so far. */
export class RecordPage {
  readonly records: StoredRecord[] = [];
  full = false;
  /** Of keys, values and headers of the records. */
  bytes = 0;
  /** The first offset that was not taken, when the page became full within a batch. */
  stoppedAt: number | null = null;
  readonly #options: TakeOptions;
  readonly #largest: number;
  readonly #unlimited = { headersLeft: MOST_HEADERS_READ };
  /** The bytes that are still to come of a record that was skipped before all of it had arrived. */
  #rest = 0;
  /** Bytes since the clock was checked. Pieces of a batch may be far smaller than those between two checks. */
  #sinceLook = 0;

  constructor(options: TakeOptions) {
    this.#options = options;
    this.#largest = options.largest ?? Number.POSITIVE_INFINITY;
  }

  /** True when the event loop must get a turn before more is taken. */
  get mustPause(): boolean {
    return this.#options.effort?.mustPause ?? false;
  }

  /** True when the page needs no more of a batch. */
  isDoneWith(batch: Batch): boolean {
    return this.full || (batch.left === 0 && this.#rest === 0);
  }

  /**
   * Takes records of a batch from `bytes[start, end)`, until the page is full, or the event loop must get a turn.
   *
   * @param isLast false if the batch continues after `end`: a record may be cut off there
   * @returns where the first unread record begins
   * @throws {RangeError} when the bytes do not match the batch's header
   */
  take(bytes: Buffer, start: number, end: number, batch: Batch, isLast: boolean): number {
    const { from, until = Number.POSITIVE_INFINITY, keep, effort } = this.#options;
    const largest = this.#largest;
    const { baseOffset, baseTime, appendTime } = batch;
    const reader = new VarintReader(bytes, start);
    this.#pass(reader, start + this.#rest, end);
    while (batch.left > 0 && this.#rest === 0) {
      const begin = reader.at;
      if (!isLast && end - begin < LONGEST_VARINT) return begin;
      const length = reader.varint();
      const recordEnd = reader.at + length;
      if (length <= 0) throw new RangeError('a record of no length');
      if (recordEnd > end) {
        if (isLast) throw new RangeError('a record reaches past its batch');
        if (length <= largest || end - begin < LONGEST_BEGINNING) return begin;
      }
      reader.at++;
      const timeAt = reader.at;
      const timeDelta = reader.varlong();
      const offset = baseOffset + reader.varint();
      if (offset >= from) {
        const timestamp = appendTime ? baseTime : readTime(baseTime, timeDelta, bytes, timeAt);
        const contentAt = reader.at;
        let record: StoredRecord | null = null;
        let size = 0;
        if (length <= largest) {
          const key = readSlice(reader);
          const value = readSlice(reader);
          const headersAt = reader.at;
          const headerCount = countHeaders(reader, recordEnd);
          if (headerCount > 0 && headerCount > this.#headersLeft) {
            this.full = true;
            this.stoppedAt = offset;
            return begin;
          }
          if (headerCount <= MOST_HEADERS_READ) {
            const headers = headerCount === 0 ? null : readHeaders(reader, headerCount);
            if (reader.at !== recordEnd) throw new RangeError("a record's length does not match its fields");
            size = lengthOf(key) + lengthOf(value) + (headers === null ? 0 : recordEnd - headersAt);
            record = { offset, timestamp, key, value, headers };
          }
        }
        if (record === null) {
          reader.at = contentAt;
          // A record that is cut off counts with its whole length.
          const tooLarge = recordEnd > end ? recordEnd - contentAt : sizeOfContent(reader, recordEnd);
          record = { offset, timestamp, key: null, value: null, headers: null, tooLarge };
        }
        if (offset >= until || ((keep === undefined || keep(record)) && !this.#add(record, size))) {
          this.full = true;
          this.stoppedAt = offset;
          return begin;
        }
      }
      if (recordEnd <= end) reader.at = recordEnd;
      else this.#pass(reader, recordEnd, end);
      batch.left--;
      this.#sinceLook += length + BYTES_FOR_A_RECORD;
      if (effort === undefined || this.#sinceLook < BYTES_BETWEEN_LOOKS) continue;
      this.#sinceLook = 0;
      if (offset >= from && effort.isSpent) {
        this.full = true;
        this.stoppedAt = offset + 1;
        break;
      }
      if (effort.mustPause) break;
    }
    if (isLast && this.#rest > 0) throw new RangeError('a record reaches past its batch');
    return reader.at;
  }

  /** How many bytes from `at` on {@link take} needs to continue, as far as `bytes` tell. */
  neededFrom(bytes: Buffer, at: number): number {
    if (bytes.length - at < LONGEST_VARINT) return LONGEST_VARINT;
    const length = new VarintReader(bytes, at).varint();
    return length > this.#largest ? LONGEST_BEGINNING : length + sizeOfVarint(length);
  }

  /** Copies the records from `first` on into bytes of their own, if the bytes around them are far more. */
  copyFrom(first: number, bytesBefore: number, held: number): void {
    if ((this.bytes - bytesBefore) * 2 >= held) return;
    for (let i = first; i < this.records.length; i++) this.records[i] = copyRecord(this.records[i]);
  }

  /** Removes all but the first records. */
  backTo(count: number, bytes: number): void {
    this.records.length = count;
    this.bytes = bytes;
  }

  /** False while the next record is taken whatever its size. */
  get #mayBeFull(): boolean {
    return this.records.length > 0 || !(this.#options.atLeastOne ?? true);
  }

  /** How many headers the next record may have; checked before they become objects. */
  get #headersLeft(): number {
    return this.#mayBeFull ? (this.#options.effort ?? this.#unlimited).headersLeft : Number.POSITIVE_INFINITY;
  }

  /** False when there is no room for the record. */
  #add(record: StoredRecord, size: number): boolean {
    const { maxRecords, maxBytes, effort = this.#unlimited } = this.#options;
    if (this.#mayBeFull && (this.bytes + size > maxBytes || this.records.length >= Math.min(maxRecords, MOST_RECORDS_READ))) return false;
    if (record.headers !== null) effort.headersLeft -= record.headers.length;
    this.bytes += size;
    this.records.push(record);
    return true;
  }

  #pass(reader: VarintReader, to: number, end: number): void {
    this.#rest = Math.max(0, to - end);
    reader.at = Math.min(to, end);
  }
}
