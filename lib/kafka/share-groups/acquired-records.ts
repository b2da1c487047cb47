import { GatewayError } from '../../errors.ts';
import { decompress } from '../compression/decompress.ts';
import type { OffsetRange } from '../protocol/share-acknowledge.ts';
import type { AcquiredPartition, AcquiredRange } from '../protocol/share-fetch.ts';
import { readInt64 } from '../protocol/wire.ts';
import type { StoredRecord } from '../record.ts';
import type { Effort } from '../record-batch/effort.ts';
import * as layout from '../record-batch/layout.ts';
import { readBatches } from '../record-batch/read.ts';

/** A held record, with the offsets that are settled with it: empty ones before it and, for the last record, after it. */
export interface HeldRecord extends StoredRecord {
  /** How often it was delivered, this time included. */
  deliveries: number;
  first: number;
  last: number;
}

/** What was taken from a partition. */
export interface TakenRecords {
  records: HeldRecord[];
  /** Acquired offsets that hold no record: compaction removed it, or they are markers of transactions. */
  empty: OffsetRange[];
  /** Acquired offsets that were not read. */
  unread: OffsetRange[];
  /** Set if a batch could not be read. */
  failure: GatewayError | null;
}

interface TakeLimits {
  /** Of keys, values and headers. */
  maxBytes: number;
  /** Records with more bytes are taken without their content. */
  largest: number;
  effort: Effort;
}

/** Offsets from `from` up to but not including `to`. */
interface Span {
  from: number;
  to: number;
}

/** Reads the records that were acquired: brokers send whole batches, of which other members may hold the rest. */
export async function takeAcquired(fetched: AcquiredPartition, { maxBytes, largest, effort }: TakeLimits): Promise<TakenRecords> {
  const { acquired } = fetched;
  const found: StoredRecord[] = [];
  const skipped: Span[] = [];
  const end = acquired[acquired.length - 1].last + 1;
  let failure: GatewayError | null = null;
  let from = acquired[0].first;
  for (let bytes = 0, { start } = fetched; from < end; ) {
    const before = from;
    try {
      const read = await readBatches(fetched.bytes, start, fetched.end, {
        from,
        until: end,
        maxRecords: Number.MAX_SAFE_INTEGER,
        maxBytes: maxBytes - bytes,
        atLeastOne: found.length === 0,
        largest,
        keep: isIn(acquired),
        aborted: [],
        effort,
        decompress,
      });
      found.push(...read.records);
      bytes += read.bytes;
      from = read.nextOffset;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.goOn === null) throw error;
      failure ??= error;
      from = error.goOn.offset;
      skipped.push({ from: before, to: Math.min(from, end) });
      // Otherwise it would block the batches behind it, until Kafka has delivered it too often to deliver it again.
      start = startOf(fetched, start, from);
    }
    if (from === before) break;
  }
  if (from < end) skipped.push({ from, to: end });
  const asRange = ({ from: first, to }: Span): OffsetRange => ({
    topicId: fetched.topicId,
    partition: fetched.partition,
    first,
    last: to - 1,
  });
  const { records, empty } = shareOut(acquired, found, skipped);
  return { records, empty: empty.map(asRange), unread: intersection(acquired, skipped).map(asRange), failure };
}

/** Where the first batch from an offset on begins; the end if there is none. */
function startOf({ bytes, end }: AcquiredPartition, start: number, offset: number): number {
  let at = start;
  while (at + layout.MAGIC < end && readInt64(bytes, at) < offset) {
    const size = bytes.readInt32BE(at + layout.LENGTH);
    at = size > 0 ? at + layout.LENGTH + 4 + size : end;
  }
  return Math.min(at, end);
}

/** Whether a record was acquired. Call it in the order of the offsets. */
function isIn(acquired: readonly AcquiredRange[]): (record: StoredRecord) => boolean {
  let at = 0;
  return ({ offset }) => {
    while (at < acquired.length && acquired[at].last < offset) at++;
    return at < acquired.length && acquired[at].first <= offset;
  };
}

/** Gives each record the empty offsets around it. */
function shareOut(acquired: readonly AcquiredRange[], found: readonly StoredRecord[], skipped: readonly Span[]) {
  const records: HeldRecord[] = [];
  const empty: Span[] = [];
  let at = 0;
  for (const range of acquired) {
    for (const { from, to } of without(range, skipped)) {
      const held: HeldRecord[] = [];
      let first = from;
      for (; at < found.length && found[at].offset < to; at++) {
        held.push({ ...found[at], deliveries: range.deliveries, first, last: found[at].offset });
        first = found[at].offset + 1;
      }
      if (held.length === 0) empty.push({ from, to });
      else held[held.length - 1].last = to - 1;
      records.push(...held);
    }
  }
  return { records, empty };
}

/** What is left of a range. The spans must be in order, and must not overlap. */
function without({ first, last }: AcquiredRange, spans: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = first;
  for (const span of spans) {
    if (span.to <= from || span.from > last) continue;
    if (span.from > from) left.push({ from, to: span.from });
    from = span.to;
  }
  if (from <= last) left.push({ from, to: last + 1 });
  return left;
}

function intersection(acquired: readonly AcquiredRange[], spans: readonly Span[]): Span[] {
  return acquired.flatMap(({ first, last }) =>
    spans.map(({ from, to }) => ({ from: Math.max(first, from), to: Math.min(last + 1, to) })).filter(({ from, to }) => from < to),
  );
}
