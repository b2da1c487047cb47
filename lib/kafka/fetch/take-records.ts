import { GatewayError } from '../../errors.ts';
import { inPart } from '../../messages/message.ts';
import { decompress } from '../compression/decompress.ts';
import type { FetchAnswer } from '../protocol/fetch.ts';
import type { StoredRecord } from '../record.ts';
import { copyRecord } from '../record-batch/copy-record.ts';
import type { Effort } from '../record-batch/effort.ts';
import { readBatches } from '../record-batch/read.ts';
import type { Reading } from './reading.ts';
import { bothOf, type VisibleRecords } from './visible-records.ts';

/** How much may be taken from fetched batches. */
interface Room {
  maxRecords: number;
  /** Of keys and values. */
  maxBytes: number;
  /** Whether one record is taken whatever its size. */
  atLeastOne: boolean;
  /** Records with more bytes are taken without their content. */
  largest: number;
  keep: ((record: StoredRecord) => boolean) | null;
  visible: VisibleRecords;
  effort: Effort;
}

/** What was taken, and why something was not. */
export interface Taken {
  count: number;
  /** Of keys and values. */
  bytes: number;
  /** The error of a batch that cannot be read: its reading stops before it. Null if there is none. */
  failure: GatewayError | null;
}

/**
 * Takes records from fetched batches into their readings, in the order of the readings, and moves the readings past them. If the number
 * of records is limited, each reading gets an equal share, then what the others leave. Once the effort is spent, a reading goes on only
 * if none has moved yet.
 */
export async function takeRecords(
  readings: readonly Reading[],
  answers: ReadonlyMap<Reading, FetchAnswer>,
  { maxRecords, maxBytes, atLeastOne, largest, keep, visible, effort }: Room,
): Promise<Taken> {
  let count = 0;
  let bytes = 0;
  let hasMoved = false;
  let failure: GatewayError | null = null;
  let sharing = readings.filter((reading) => holdsAny(answers.get(reading)));
  while (sharing.length > 0) {
    const again: Reading[] = [];
    const equal = Math.ceil((maxRecords - count) / sharing.length);
    for (const reading of sharing) {
      const share = Math.min(equal, maxRecords - count);
      const answer = answers.get(reading);
      if (share === 0 || answer === undefined || (hasMoved && effort.isSpent)) continue;
      const { offset } = reading;
      try {
        const left = { maxRecords: share, maxBytes: maxBytes - bytes, atLeastOne: atLeastOne && count === 0 };
        const room = { ...left, largest, effort, keep: bothOf(visible(reading.topic), keep) };
        const taken = await take(reading, answer, room);
        if (taken.count === share) again.push(reading);
        hasMoved ||= reading.offset > offset;
        count += taken.count;
        bytes += taken.bytes;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        const { topic, partition } = reading;
        failure ??= inPart(`Partition ${partition} of ${topic}`, error, error.goOn && { topic, partition, offset: error.goOn.offset });
      }
    }
    sharing = count < maxRecords && bytes < maxBytes ? again : [];
  }
  return { count, bytes, failure };
}

const holdsAny = (answer: FetchAnswer | undefined): boolean => answer !== undefined && answer.end > answer.start;

async function take(
  reading: Reading,
  { bytes, start, end, aborted, highWatermark }: FetchAnswer,
  { keep, ...room }: Omit<Room, 'visible'>,
): Promise<{ count: number; bytes: number }> {
  const {
    records,
    nextOffset,
    bytes: size,
  } = await readBatches(bytes, start, end, {
    from: reading.offset,
    until: reading.until,
    end: highWatermark,
    aborted,
    decompress,
    ...room,
    ...(keep !== null && { keep }),
  });
  reading.offset = nextOffset;
  // A few wanted records must not keep all the fetched bytes in memory.
  const taken = keep === null ? records : records.map(copyRecord);
  reading.records = reading.records.length === 0 ? taken : reading.records.concat(taken);
  return { count: records.length, bytes: size };
}
