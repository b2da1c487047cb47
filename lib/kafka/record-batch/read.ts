import { GatewayError } from '../../errors.ts';
import { batchCutOff, batchTooLarge, batchTooOld, batchUnreadable } from '../../messages/read.ts';
import type { AbortedTransaction } from '../protocol/fetch.ts';
import { readInt64 } from '../protocol/wire.ts';
import type { Header, Slice, StoredRecord } from '../record.ts';
import * as layout from './layout.ts';
import { VarintReader } from './varint.ts';

/** Inflates the records of a batch. */
export type Decompress = (codec: number, bytes: Buffer) => Buffer | Promise<Buffer>;

/** What to take of a partition's batches. */
export interface ReadOptions {
  /** Records below it are left out: brokers send whole batches. */
  from: number;
  /** Transactions whose records are left out; none to read uncommitted. */
  aborted: readonly AbortedTransaction[];
  /** Stop after so many records. */
  maxRecords: number;
  /** Of keys, values and headers together; one record is taken whatever its size. */
  maxBytes: number;
  /** Whether the first record is taken whatever its size; true unless said. */
  atLeastOne?: boolean;
  /** Stop before this offset. */
  until?: number;
  /** Which records are taken; the others are passed and count for nothing. All unless said. */
  keep?: (record: StoredRecord) => boolean;
  decompress: Decompress;
}

/** Records in offset order, and the offset to ask for next: past control records and aborted ones too. */
export interface ReadRecords {
  records: StoredRecord[];
  /** Of their keys and values. */
  bytes: number;
  nextOffset: number;
}

/**
 * Reads the batches in `bytes[start, end)`, without copying: slices point into the bytes, or into a batch's inflated ones. Leaves out
 * control records, what `options` says, and a batch that is cut off at the end.
 *
 * A batch that cannot be read ends what is read before it; only when it comes first is it an error.
 *
 * @throws {GatewayError} KafkaRefused or TooLarge, naming the offsets, for a first batch that cannot be read
 */
export async function readBatches(bytes: Buffer, start: number, end: number, options: ReadOptions): Promise<ReadRecords> {
  const page = new Page(options);
  const transactions = new AbortedTransactions(options.aborted);
  let nextOffset = options.from;
  for (let at = start; at + layout.HEADER <= end && !page.full; ) {
    const next = at + layout.LENGTH + 4 + bytes.readInt32BE(at + layout.LENGTH);
    if (next > end) break;
    try {
      const batch = readHeader(bytes, at, next);
      at = next;
      // A batch that was read before may end a transaction that was aborted.
      const hidden = transactions.hide(batch);
      if (batch.lastOffset < options.from) continue;
      if (!hidden && !batch.control) await takeRecords(page, bytes, batch, options.decompress);
      nextOffset = page.stoppedAt ?? batch.lastOffset + 1;
    } catch (error) {
      if (nextOffset === options.from) throw error;
      break;
    }
  }
  return { records: page.records, bytes: page.bytes, nextOffset };
}

async function takeRecords(page: Page, bytes: Buffer, batch: Batch, decompress: Decompress): Promise<void> {
  const codec = batch.attributes & layout.CODEC_BITS;
  const taken = page.records.length;
  try {
    if (codec === 0) page.take(bytes, batch.start, batch.end, batch);
    else {
      const plain = await decompress(codec, bytes.subarray(batch.start, batch.end));
      page.take(plain, 0, plain.length, batch);
    }
  } catch (cause) {
    page.records.length = taken;
    throw unreadable(batch, cause);
  }
}

interface Batch {
  baseOffset: number;
  lastOffset: number;
  attributes: number;
  control: boolean;
  transactional: boolean;
  producerId: bigint;
  appendTime: boolean;
  /** What timestamps count from; the append time where the topic keeps that. */
  baseTime: number;
  count: number;
  /** Where the records lie. */
  start: number;
  end: number;
}

function readHeader(bytes: Buffer, at: number, end: number): Batch {
  if (end - at < layout.HEADER) throw batchCutOff();
  const baseOffset = readInt64(bytes, at + layout.BASE_OFFSET);
  const magic = bytes[at + layout.MAGIC];
  if (magic !== 2) {
    throw batchTooOld(baseOffset, magic);
  }
  const attributes = bytes.readInt16BE(at + layout.ATTRIBUTES);
  const appendTime = (attributes & layout.APPEND_TIME_BIT) !== 0;
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + layout.LAST_OFFSET_DELTA),
    attributes,
    control: (attributes & layout.CONTROL_BIT) !== 0,
    transactional: (attributes & layout.TRANSACTIONAL_BIT) !== 0,
    producerId: bytes.readBigInt64BE(at + layout.PRODUCER_ID),
    appendTime,
    baseTime: readInt64(bytes, at + (appendTime ? layout.MAX_TIMESTAMP : layout.BASE_TIMESTAMP)),
    count: bytes.readInt32BE(at + layout.RECORD_COUNT),
    start: at + layout.HEADER,
    end,
  };
}

function unreadable({ baseOffset, lastOffset }: Batch, cause: unknown): GatewayError {
  if (cause instanceof GatewayError && cause.name === 'TooLarge') return batchTooLarge.with({ cause }, baseOffset, lastOffset, cause.what);
  const why = cause instanceof GatewayError ? cause.what : 'its bytes do not hold what its header says';
  return batchUnreadable.with({ cause }, baseOffset, lastOffset, why);
}

/** Follows which producers' transactions were aborted, batch by batch, as the broker's list and the control records tell. */
class AbortedTransactions {
  readonly #waiting: readonly AbortedTransaction[];
  readonly #open = new Set<bigint>();
  #next = 0;

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#waiting = aborted.length > 1 ? aborted.toSorted((a, b) => a.firstOffset - b.firstOffset) : aborted;
  }

  /** True when the batch belongs to an aborted transaction. */
  hide({ transactional, control, producerId, lastOffset }: Batch): boolean {
    if (!transactional || this.#waiting.length === 0) return false;
    while (this.#next < this.#waiting.length && this.#waiting[this.#next].firstOffset <= lastOffset) {
      this.#open.add(this.#waiting[this.#next++].producerId);
    }
    if (control) return this.#open.delete(producerId);
    return this.#open.has(producerId);
  }
}

/** Far more than a response can hold, and what a batch of a few kilobytes may inflate to many times over when its records are empty. */
const MOST_RECORDS = 100_000;

/** The records taken so far. */
class Page {
  readonly records: StoredRecord[] = [];
  full = false;
  /** Of keys, values and headers of the records. */
  bytes = 0;
  /** The first offset that was not taken, when the page became full within a batch. */
  stoppedAt: number | null = null;
  readonly #options: ReadOptions;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  take(bytes: Buffer, start: number, end: number, batch: Batch): void {
    const { from, maxBytes, atLeastOne = true, until = Number.POSITIVE_INFINITY, keep } = this.#options;
    const maxRecords = Math.min(this.#options.maxRecords, MOST_RECORDS);
    const { baseOffset, appendTime, baseTime, count } = batch;
    const reader = new VarintReader(bytes, start);
    for (let i = 0; i < count; i++) {
      const recordEnd = reader.varint() + reader.at;
      if (recordEnd > end || recordEnd <= reader.at) throw new RangeError('a record reaches past its batch');
      reader.at++;
      const timeDelta = reader.varlong();
      const offset = baseOffset + reader.varint();
      if (offset < from) {
        reader.at = recordEnd;
        continue;
      }
      const key = readSlice(reader);
      const value = readSlice(reader);
      const headersAt = reader.at;
      const headerCount = reader.varint();
      // Each header takes two bytes at the least, so a count that no record can hold is not believed.
      if (headerCount < 0 || headerCount > (recordEnd - reader.at) / 2) throw new RangeError('a record cannot hold as many headers');
      const headers = headerCount === 0 ? null : readHeaders(reader, headerCount);
      if (reader.at !== recordEnd) throw new RangeError("a record's length does not match its fields");
      const record = { offset, timestamp: appendTime ? baseTime : baseTime + timeDelta, key, value, headers };
      const isEnd = offset >= until;
      if (!isEnd && keep !== undefined && !keep(record)) continue;
      const size = this.bytes + lengthOf(key) + lengthOf(value) + (headers === null ? 0 : recordEnd - headersAt);
      const mayBeTooMuch = this.records.length > 0 || !atLeastOne;
      this.full = isEnd || (mayBeTooMuch && (size > maxBytes || this.records.length === maxRecords));
      if (this.full) {
        this.stoppedAt = offset;
        return;
      }
      this.bytes = size;
      this.records.push(record);
    }
  }
}

const lengthOf = (slice: Slice | null): number => (slice === null ? 0 : slice.end - slice.start);

function readSlice(reader: VarintReader): Slice | null {
  const length = reader.varint();
  if (length < 0) return null;
  const start = reader.at;
  reader.at += length;
  return { bytes: reader.bytes, start, end: reader.at };
}

function readHeaders(reader: VarintReader, count: number): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i < count; i++) {
    const key = readSlice(reader);
    const value = readSlice(reader);
    if (key === null) throw new RangeError('a header has no key');
    headers.push({
      key: key.bytes.toString('utf8', key.start, key.end),
      value: value === null ? null : value.bytes.subarray(value.start, value.end),
    });
  }
  return headers;
}
