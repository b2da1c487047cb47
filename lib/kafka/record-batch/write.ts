import { readInt64, writeInt64 } from '../protocol/wire.ts';
import { type Header, lengthOf, type NewRecord } from '../record.ts';
import { crc32c } from './crc32c.ts';
import * as layout from './layout.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

/** Up to here, a loop over bytes is faster than a call of the runtime's copy. */
const COPY_BY_HAND = 24;

/** Writes records (one or more) as one uncompressed batch, without producer and checksum: {@link stamp} adds those. */
export function writeBatch(records: readonly NewRecord[]): Buffer {
  const baseTime = records[0].timestamp;
  let bound = layout.HEADER;
  let maxTime = baseTime;
  for (const record of records) {
    bound += sizeBound(record);
    if (record.timestamp > maxTime) maxTime = record.timestamp;
  }
  const buffer = Buffer.allocUnsafe(bound);
  let at = layout.HEADER;
  for (let i = 0; i < records.length; i++) at = writeRecord(buffer, at, records[i], i, baseTime);
  const batch = buffer.subarray(0, at);
  batch.fill(0, 0, layout.HEADER);
  batch.writeInt32BE(-1, layout.LEADER_EPOCH);
  batch[layout.MAGIC] = 2;
  batch.writeInt32BE(records.length - 1, layout.LAST_OFFSET_DELTA);
  writeInt64(batch, baseTime, layout.BASE_TIMESTAMP);
  writeInt64(batch, maxTime, layout.MAX_TIMESTAMP);
  batch.writeInt32BE(records.length, layout.RECORD_COUNT);
  return seal(batch);
}

/** The same batch with its records compressed; `packed` is everything after the header, compressed. */
export function withCompressedRecords(batch: Buffer, codec: number, packed: Buffer): Buffer {
  const compressed = Buffer.allocUnsafe(layout.HEADER + packed.length);
  batch.copy(compressed, 0, 0, layout.HEADER);
  packed.copy(compressed, layout.HEADER);
  compressed.writeInt16BE(codec, layout.ATTRIBUTES);
  return seal(compressed);
}

/** The part of a batch that a codec compresses. */
export const recordsOf = (batch: Buffer): Buffer => batch.subarray(layout.HEADER);

/** The largest time of a batch's records, in Unix milliseconds. */
export const maxTimestampOf = (batch: Buffer): number => readInt64(batch, layout.MAX_TIMESTAMP);

/**
 * Gives a batch its producer id, epoch and first sequence, and its checksum. Kafka drops a batch whose id, epoch and sequence it has
 * seen, so a batch is stamped once and resent unchanged; id, epoch and sequence of -1 turn that check off.
 */
export function stamp(batch: Buffer, producerId: bigint, epoch: number, sequence: number): void {
  batch.writeBigInt64BE(producerId, layout.PRODUCER_ID);
  batch.writeInt16BE(epoch, layout.PRODUCER_EPOCH);
  batch.writeInt32BE(sequence, layout.BASE_SEQUENCE);
  batch.writeInt32BE(crc32c(batch, layout.ATTRIBUTES, batch.length), layout.CRC);
}

/** An upper bound of the bytes of one record in a batch, with varints at their longest. */
export function sizeBound({ key, value, headers }: NewRecord): number {
  let size = 32 + lengthOf(key) + lengthOf(value);
  if (headers !== null) for (const header of headers) size += 10 + header.key.length * 3 + (header.value?.length ?? 0);
  return size;
}

function seal(batch: Buffer): Buffer {
  batch.writeInt32BE(batch.length - layout.LENGTH - 4, layout.LENGTH);
  return batch;
}

function writeRecord(
  to: Buffer,
  start: number,
  { key, value, headers, timestamp }: NewRecord,
  offsetDelta: number,
  baseTime: number,
): number {
  const timeDelta = timestamp - baseTime;
  const keyLength = key === null ? -1 : key.end - key.start;
  const valueLength = value === null ? -1 : value.end - value.start;
  const length =
    1 +
    sizeOfVarlong(timeDelta) +
    sizeOfVarint(offsetDelta) +
    sizeOfVarint(keyLength) +
    Math.max(0, keyLength) +
    sizeOfVarint(valueLength) +
    Math.max(0, valueLength) +
    (headers === null ? 1 : sizeOfHeaders(headers));
  let at = writeVarint(to, start, length);
  to[at++] = 0;
  at = writeVarlong(to, at, timeDelta);
  at = writeVarint(to, at, offsetDelta);
  at = writeVarint(to, at, keyLength);
  if (key !== null) at = copy(key.bytes, key.start, key.end, to, at);
  at = writeVarint(to, at, valueLength);
  if (value !== null) at = copy(value.bytes, value.start, value.end, to, at);
  if (headers !== null) return writeHeaders(to, at, headers);
  to[at++] = 0;
  return at;
}

function copy(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > COPY_BY_HAND) from.copy(to, at, start, end);
  else for (let i = start, j = at; i < end; i++, j++) to[j] = from[i];
  return at + end - start;
}

function sizeOfHeaders(headers: readonly Header[]): number {
  let size = sizeOfVarint(headers.length);
  for (const { key, value } of headers) {
    const keyLength = Buffer.byteLength(key);
    size += sizeOfVarint(keyLength) + keyLength + sizeOfVarint(value === null ? -1 : value.length) + (value?.length ?? 0);
  }
  return size;
}

function writeHeaders(to: Buffer, start: number, headers: readonly Header[]): number {
  let at = writeVarint(to, start, headers.length);
  for (const { key, value } of headers) {
    at = writeVarint(to, at, Buffer.byteLength(key));
    at += to.write(key, at);
    at = writeVarint(to, at, value === null ? -1 : value.length);
    if (value !== null) at = copy(value, 0, value.length, to, at);
  }
  return at;
}
