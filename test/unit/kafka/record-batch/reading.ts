import { compress } from '../../../../lib/kafka/compression/compress.ts';
import { decompress } from '../../../../lib/kafka/compression/decompress.ts';
import { type CompressionName, codecId } from '../../../../lib/kafka/compression/names.ts';
import type { NewRecord } from '../../../../lib/kafka/record.ts';
import { type ReadOptions, readBatches } from '../../../../lib/kafka/record-batch/read.ts';
import { recordsOf, withCompressedRecords, writeBatch } from '../../../../lib/kafka/record-batch/write.ts';
import { inLog, type PlainRecord, plainRecord, plainStored } from '../../../harness/fake-broker/batch-records.ts';

export const everything: ReadOptions = {
  from: 0,
  aborted: [],
  maxRecords: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
  decompress,
};

export async function read(bytes: Buffer, options: Partial<ReadOptions> = {}): Promise<{ records: PlainRecord[]; nextOffset: number }> {
  const { records, nextOffset } = await readBatches(bytes, 0, bytes.length, { ...everything, ...options });
  return { records: records.map(plainStored), nextOffset };
}

export const packed = async (records: readonly NewRecord[], codec: CompressionName): Promise<Buffer> => {
  const plain = writeBatch(records);
  return codec === 'none' ? plain : withCompressedRecords(plain, codecId(codec), await compress(codec, recordsOf(plain)));
};

/** Batches of a part of a log, one after the other from offset `from` on. */
export const part = async (batches: readonly (readonly NewRecord[])[], from = 0, codec: CompressionName = 'none') => {
  const parts: Buffer[] = [];
  const stored: PlainRecord[] = [];
  let baseOffset = from;
  for (const records of batches) {
    parts.push(inLog(await packed(records, codec), { baseOffset }));
    for (const record of records) stored.push({ offset: baseOffset++, ...plainRecord(record) });
  }
  return { bytes: Buffer.concat(parts), sizes: parts.map(({ length }) => length), stored, nextOffset: baseOffset };
};
