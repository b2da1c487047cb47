import { compress } from '../../../lib/kafka/compression/compress.ts';
import { type CompressionName, codecId } from '../../../lib/kafka/compression/names.ts';
import * as layout from '../../../lib/kafka/record-batch/layout.ts';
import { sizeOfVarint, writeVarint } from '../../../lib/kafka/record-batch/varint.ts';
import { stamp } from '../../../lib/kafka/record-batch/write.ts';

/** The parts of a record, as raw bytes. */
interface Fields {
  key?: Buffer | null;
  value?: Buffer | null;
  /** The number of headers, each without name and value. */
  headers?: number;
  /** Relative to the batch's timestamp. */
  timeDelta?: Buffer;
}

const bytesOf = (content: Buffer | null): Buffer[] => [varint(content?.length ?? -1), content ?? Buffer.alloc(0)];

/** Lengths of 0 and -1. */
const emptyHeaders = (count: number): Buffer => (count === 0 ? Buffer.alloc(0) : Buffer.alloc(2 * count, Buffer.from([0, 1])));

export function varint(value: number): Buffer {
  const bytes = Buffer.alloc(sizeOfVarint(value));
  writeVarint(bytes, 0, value);
  return bytes;
}

/** A record inside a batch, at an offset relative to the batch's. */
export function recordBytes(delta: number, { key = null, value = null, headers = 0, timeDelta = varint(0) }: Fields): Buffer {
  const beginning = [Buffer.from([0]), timeDelta, varint(delta)];
  const record = Buffer.concat([...beginning, ...bytesOf(key), ...bytesOf(value), varint(headers), emptyHeaders(headers)]);
  return Buffer.concat([varint(record.length), record]);
}

interface Batch {
  baseOffset: number;
  count: number;
  /** The records, concatenated. */
  records: Buffer;
  codec?: CompressionName;
  /** A codec number that differs from the codec used. */
  codecNumber?: number;
  baseTime?: bigint;
}

/** A batch as a broker sends it, with any records. */
export async function batchBytes({ baseOffset, count, records, codec = 'none', codecNumber, baseTime = 1000n }: Batch): Promise<Buffer> {
  const packed = codec === 'none' ? records : await compress(codec, records);
  const batch = Buffer.concat([Buffer.alloc(layout.HEADER), packed]);
  batch.writeBigInt64BE(BigInt(baseOffset), layout.BASE_OFFSET);
  batch.writeInt32BE(batch.length - layout.LENGTH - 4, layout.LENGTH);
  batch[layout.MAGIC] = 2;
  batch.writeInt16BE(codecNumber ?? codecId(codec), layout.ATTRIBUTES);
  batch.writeInt32BE(count - 1, layout.LAST_OFFSET_DELTA);
  batch.writeBigInt64BE(baseTime, layout.BASE_TIMESTAMP);
  batch.writeBigInt64BE(baseTime, layout.MAX_TIMESTAMP);
  batch.writeInt32BE(count, layout.RECORD_COUNT);
  stamp(batch, -1n, 0, 0);
  return batch;
}

/** A small batch that inflates to at most this many bytes: records that differ only in their offsets. */
export function bomb(codec: CompressionName, fields: Omit<Fields, 'timeDelta'>, inflatedBytes: number): Promise<Buffer> {
  const { key = null, value = null, headers = 0 } = fields;
  const content = Buffer.concat([...bytesOf(key), ...bytesOf(value), varint(headers), emptyHeaders(headers)]);
  const records = Buffer.alloc(inflatedBytes);
  let at = 0;
  let count = 0;
  for (; at + content.length + 16 <= inflatedBytes; count++) {
    at = writeVarint(records, at, 2 + sizeOfVarint(count) + content.length);
    at = writeVarint(records, at + 2, count);
    at += content.copy(records, at);
  }
  return batchBytes({ baseOffset: 0, count, records: records.subarray(0, at), codec });
}

/** A message in the format of Kafka before 0.11. */
export function oldMessage(offset: number, version: 0 | 1, value: string): Buffer {
  const message = Buffer.concat([Buffer.alloc(version === 0 ? 26 : 34, 0xff), Buffer.from(value)]);
  message.writeBigInt64BE(BigInt(offset), 0);
  message.writeInt32BE(message.length - 12, 8);
  message.writeInt16BE(version << 8, 16);
  return message;
}
