import fc from 'fast-check';
import type { Header, NewRecord, Slice, StoredRecord, Time } from '../../../lib/kafka/record.ts';
import * as layout from '../../../lib/kafka/record-batch/layout.ts';
import { stamp, writeBatch } from '../../../lib/kafka/record-batch/write.ts';

/** A record whose bytes can be compared and printed. */
export interface PlainRecord {
  offset?: number;
  timestamp: Time;
  key: string | null;
  value: string | null;
  headers: [string, string | null][];
}

const text = (slice: Slice | null): string | null => slice?.bytes.toString('latin1', slice.start, slice.end) ?? null;
const headersOf = (headers: Header[] | null): PlainRecord['headers'] =>
  (headers ?? []).map(({ key, value }) => [key, value?.toString('latin1') ?? null]);

export const plainRecord = ({ timestamp, key, value, headers }: NewRecord | StoredRecord): PlainRecord => ({
  timestamp,
  key: text(key),
  value: text(value),
  headers: headersOf(headers),
});

export const plainStored = (record: StoredRecord): PlainRecord => ({ offset: record.offset, ...plainRecord(record) });

/** Bytes inside a larger buffer, as in a request's body: empty, short, and long enough for the other way of copying. */
const slice = fc
  .tuple(fc.nat(3), fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ size: 'max', maxLength: 1500 })))
  .map(([before, content]): Slice => {
    const bytes = Buffer.concat([Buffer.alloc(before, 0xaa), content, Buffer.alloc(3, 0xbb)]);
    return { bytes, start: before, end: before + content.length };
  });

const header = fc.record({
  key: fc.string({ unit: 'binary', maxLength: 20 }),
  value: fc.option(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))),
});

/** From 1970 to the year 9999, so records of one batch may be thousands of years apart. */
const timestamp = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });

export const newRecord: fc.Arbitrary<NewRecord> = fc.record({
  key: fc.option(slice),
  value: fc.option(slice),
  headers: fc.option(fc.array(header, { minLength: 1, maxLength: 4 })),
  timestamp,
});

/** A record with a value, for tests to which the rest does not matter. */
export const recordOf = (value: string, timestamp = 1000): NewRecord => {
  const bytes = Buffer.from(value);
  return { key: null, value: { bytes, start: 0, end: bytes.length }, headers: null, timestamp };
};

interface InLog {
  baseOffset: number;
  producerId?: bigint;
  attributes?: number;
  /** For a compacted batch: its original last offset, relative to the base. */
  lastOffsetDelta?: number;
}

/** A batch as stored in a log: with its offset, and the attributes that brokers and transactional producers set. */
export function inLog(batch: Buffer, { baseOffset, producerId = -1n, attributes = 0, lastOffsetDelta }: InLog): Buffer {
  const stored = Buffer.from(batch);
  stored.writeBigInt64BE(BigInt(baseOffset), layout.BASE_OFFSET);
  stored.writeInt16BE(stored.readInt16BE(layout.ATTRIBUTES) | attributes, layout.ATTRIBUTES);
  if (lastOffsetDelta !== undefined) stored.writeInt32BE(lastOffsetDelta, layout.LAST_OFFSET_DELTA);
  stamp(stored, producerId, 0, 0);
  return stored;
}

/** The record that ends a transaction. */
export function controlBatch(baseOffset: number, producerId: bigint, type: 'commit' | 'abort'): Buffer {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  const value = Buffer.from([0, 0, 0, 0, 0, 0]);
  const record = {
    key: { bytes: key, start: 0, end: 4 },
    value: { bytes: value, start: 0, end: 6 },
    headers: null,
    timestamp: 1000,
  };
  return inLog(writeBatch([record]), { baseOffset, producerId, attributes: layout.TRANSACTIONAL_BIT | layout.CONTROL_BIT });
}
