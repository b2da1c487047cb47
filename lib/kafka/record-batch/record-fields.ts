import type { Header, Slice, Time } from '../record.ts';
import { VarintReader } from './varint.ts';

/** Smaller deltas were read without rounding, as their zigzag is below 2^53. */
const EXACT_DELTA = 2 ** 52;

/**
 * A record's time. Numbers suffice for all sensible times; beyond 2^53 they would round.
 *
 * @param delta as a number
 * @param at where the delta is in `bytes`
 */
export function readTime(baseTime: Time, delta: number, bytes: Buffer, at: number): Time {
  if (typeof baseTime === 'number' && Math.abs(delta) < EXACT_DELTA) {
    const time = baseTime + delta;
    if (Math.abs(time) <= Number.MAX_SAFE_INTEGER) return time;
  }
  // Wraps, as Java's longs do.
  const time = BigInt.asIntN(64, BigInt(baseTime) + new VarintReader(bytes, at).bigVarlong());
  return time >= Number.MIN_SAFE_INTEGER && time <= Number.MAX_SAFE_INTEGER ? Number(time) : time;
}

export const lengthOf = (slice: Slice | null): number => (slice === null ? 0 : slice.end - slice.start);

export function readSlice(reader: VarintReader): Slice | null {
  const length = reader.varint();
  if (length < 0) return null;
  const start = reader.at;
  reader.at += length;
  return { bytes: reader.bytes, start, end: reader.at };
}

/** A record's own count of its headers. Each takes at least two bytes, so a count that no record can hold is refused. */
export function countHeaders(reader: VarintReader, recordEnd: number): number {
  const count = reader.varint();
  if (count < 0 || count > (recordEnd - reader.at) / 2) throw new RangeError('a record cannot hold as many headers');
  return count;
}

export function readHeaders(reader: VarintReader, count: number): Header[] {
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

/** Bytes of key, value and headers, which come next in the reader; moves the reader past them. */
export function sizeOfContent(reader: VarintReader, recordEnd: number): number {
  let size = lengthOf(readSlice(reader)) + lengthOf(readSlice(reader));
  for (let fields = 2 * countHeaders(reader, recordEnd); fields > 0; fields--) size += lengthOf(readSlice(reader));
  if (reader.at !== recordEnd) throw new RangeError("a record's length does not match its fields");
  return size;
}
