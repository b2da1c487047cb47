import { GatewayError } from '../../errors.ts';
import { inPart } from '../../messages/message.ts';
import { decompress } from '../compression/decompress.ts';
import type { FetchAnswer } from '../protocol/fetch.ts';
import type { Slice, StoredRecord } from '../record.ts';
import { readBatches } from '../record-batch/read.ts';
import type { Reading } from './reading.ts';

/** What may be taken of fetched batches. */
interface Room {
  maxRecords: number;
  /** Of keys and values. */
  maxBytes: number;
  /** Whether one record is taken whatever its size. */
  atLeastOne: boolean;
  keep: ((record: StoredRecord) => boolean) | null;
}

/** What was taken, and why something was not. */
interface Taken {
  count: number;
  /** Of keys and values. */
  bytes: number;
  /** For a batch that cannot be read, whose reading stays before it; null when there is none. */
  failure: GatewayError | null;
}

/**
 * Takes records of fetched batches into the readings that they were fetched for, in the order of the readings, which then go on behind
 * them. Where the number of records is limited, each gets an equal share of it, and then what others have left.
 */
export async function takeRecords(
  readings: readonly Reading[],
  answers: ReadonlyMap<Reading, FetchAnswer>,
  { maxRecords, maxBytes, atLeastOne, keep }: Room,
): Promise<Taken> {
  let count = 0;
  let bytes = 0;
  let failure: GatewayError | null = null;
  let sharing = readings.filter((reading) => holdsAny(answers.get(reading)));
  while (sharing.length > 0) {
    const again: Reading[] = [];
    const equal = Math.ceil((maxRecords - count) / sharing.length);
    for (const reading of sharing) {
      const share = Math.min(equal, maxRecords - count);
      const answer = answers.get(reading);
      if (share === 0 || answer === undefined) continue;
      try {
        const taken = await take(reading, answer, share, maxBytes - bytes, atLeastOne && count === 0, keep);
        if (taken.count === share) again.push(reading);
        count += taken.count;
        bytes += taken.bytes;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        failure ??= inPart(`Partition ${reading.partition} of ${reading.topic}`, error);
      }
    }
    sharing = count < maxRecords && bytes < maxBytes ? again : [];
  }
  return { count, bytes, failure };
}

const holdsAny = (answer: FetchAnswer | undefined): boolean => answer !== undefined && answer.end > answer.start;

async function take(
  reading: Reading,
  { bytes, start, end, aborted }: FetchAnswer,
  maxRecords: number,
  maxBytes: number,
  atLeastOne: boolean,
  keep: ((record: StoredRecord) => boolean) | null,
): Promise<{ count: number; bytes: number }> {
  const {
    records,
    nextOffset,
    bytes: size,
  } = await readBatches(bytes, start, end, {
    from: reading.offset,
    until: reading.until,
    aborted,
    maxRecords,
    maxBytes,
    atLeastOne,
    decompress,
    ...(keep !== null && { keep }),
  });
  reading.offset = nextOffset;
  // The few that are wanted must not keep in memory all that they were found in.
  const taken = keep === null ? records : records.map(copyOf);
  reading.records = reading.records.length === 0 ? taken : reading.records.concat(taken);
  return { count: records.length, bytes: size };
}

function copyOf(record: StoredRecord): StoredRecord {
  const headers = record.headers?.map(({ key, value }) => ({ key, value: value && Buffer.from(value) })) ?? null;
  return { ...record, key: copied(record.key), value: copied(record.value), headers };
}

function copied(slice: Slice | null): Slice | null {
  if (slice === null) return null;
  const bytes = Buffer.from(slice.bytes.subarray(slice.start, slice.end));
  return { bytes, start: 0, end: bytes.length };
}
