import { GatewayError } from '../../errors.ts';
import { batchChanged, batchCutOff, batchTooLarge, batchUnreadable, messagesTooOld } from '../../messages/read.ts';
import type { AbortedTransaction } from '../protocol/fetch.ts';
import { readInt64 } from '../protocol/wire.ts';
import type { StoredRecord } from '../record.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { type Batch, isIntact, readHeader } from './batch.ts';
import * as layout from './layout.ts';
import { RecordPage, type TakeOptions } from './record-page.ts';
import { type Decompress, takeBatch } from './take-batch.ts';

/** What to take of a partition's batches. */
export interface ReadOptions extends TakeOptions {
  /** Transactions whose records are left out; none to read uncommitted. */
  aborted: readonly AbortedTransaction[];
  /** Where the log ends, if known: a damaged batch does not send its reader further. */
  end?: number;
  /** True if the first batch is known to be whole; otherwise, it is skipped in silence if it is cut off. */
  firstIsWhole?: boolean;
  decompress: Decompress;
}

/** Records in offset order, and the offset to ask for next: past control records and aborted ones, too. */
export interface ReadRecords {
  records: StoredRecord[];
  /** Of their keys and values. */
  bytes: number;
  nextOffset: number;
}

/**
 * Reads the batches in `bytes[start, end)`, without copying: slices point into the bytes, or into inflated pieces. Leaves out control
 * records, what `options` excludes, and a batch that is cut off at the end.
 *
 * Reading stops before a batch that cannot be read; only if that is the first one, it is an error.
 *
 * @throws {GatewayError} KafkaRefused or TooLarge, with the offsets and where to continue, for a first batch that cannot be read
 */
export async function readBatches(bytes: Buffer, start: number, end: number, options: ReadOptions): Promise<ReadRecords> {
  const { from, effort } = options;
  const page = new RecordPage(options);
  const transactions = new AbortedTransactions(options.aborted);
  let nextOffset = from;
  const mayGoOn = () => !page.full && (nextOffset === from || !effort?.isSpent);
  for (let at = start; at + layout.MAGIC < end && mayGoOn(); ) {
    const next = at + layout.LENGTH + 4 + bytes.readInt32BE(at + layout.LENGTH);
    const { records, bytes: size } = page;
    const count = records.length;
    try {
      if (bytes[at + layout.MAGIC] < 2) throw tooOld(bytes, at, end, from);
      if (next > end) {
        if (at === start && options.firstIsWhole) throw batchCutOff.with({ goOn: { offset: from + 1 } }, from + 1);
        break;
      }
      if (next < at + layout.HEADER) throw batchCutOff.with({ goOn: { offset: from + 1 } }, from + 1);
      const batch = readHeader(bytes, at, next);
      // The checksum does not cover the offset, which the broker writes.
      const isWhole = isIntact(bytes, at, next) && Number.isSafeInteger(batch.lastOffset);
      if (!isWhole) throw changed(batch, followingOffset(bytes, next, end), options);
      at = next;
      // A batch that was already read may end an aborted transaction.
      const hidden = transactions.hide(batch);
      if (batch.lastOffset < from) continue;
      if (!hidden && !batch.control) await take(page, bytes, batch, options);
      nextOffset = page.stoppedAt ?? batch.lastOffset + 1;
    } catch (error) {
      page.backTo(count, size);
      if (nextOffset === from) throw error;
      break;
    }
  }
  return { records: page.records, bytes: page.bytes, nextOffset };
}

async function take(page: RecordPage, bytes: Buffer, batch: Batch, { decompress, effort }: ReadOptions): Promise<void> {
  try {
    await takeBatch(page, bytes, batch, decompress, effort);
  } catch (cause) {
    throw unreadable(batch, cause);
  }
}

function unreadable({ baseOffset, lastOffset }: Batch, cause: unknown): GatewayError {
  const details = { cause, goOn: { offset: lastOffset + 1 } };
  if (cause instanceof GatewayError && cause.name === 'TooLarge') return batchTooLarge.with(details, baseOffset, lastOffset, cause.what);
  const why = cause instanceof GatewayError ? cause.what : 'its bytes do not hold what its header says';
  return batchUnreadable.with(details, baseOffset, lastOffset, why);
}

/** The offset of the next batch in the answer; NaN if there is none. */
const followingOffset = (bytes: Buffer, at: number, end: number): number => (at + 8 <= end ? readInt64(bytes, at) : Number.NaN);

/** The offsets in a damaged batch may be wrong: they must not lead back, nor past the end of the log. */
function changed({ baseOffset, lastOffset }: Batch, following: number, { from, end = Number.MAX_SAFE_INTEGER }: ReadOptions): GatewayError {
  const isNext = (offset: number) => offset > from && offset <= end;
  const next = [following, lastOffset + 1].find(isNext) ?? from + 1;
  return batchChanged.with({ goOn: { offset: next } }, Math.max(0, Math.min(baseOffset, from)), next - 1, next);
}

/** Old messages have size and version at the same places as batches, and each has its own offset; compressed ones, that of the last. */
function tooOld(bytes: Buffer, start: number, end: number, from: number): GatewayError {
  const version = bytes[start + layout.MAGIC];
  let last = from;
  for (let at = start; at + layout.MAGIC < end && bytes[at + layout.MAGIC] < 2; ) {
    last = Math.max(last, readInt64(bytes, at));
    const size = bytes.readInt32BE(at + layout.LENGTH);
    if (size <= 0) break;
    at += layout.LENGTH + 4 + size;
  }
  return messagesTooOld.with({ goOn: { offset: last + 1 } }, from, last, version);
}
