import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { kafkaError, LEADER_NOT_AVAILABLE } from '../error-codes.ts';
import type { StoredRecord } from '../record.ts';
import { copyDeadLetters, type DeadLetter, type DeadLetterTopic } from './dead-letters.ts';
import { storedRecords } from './stored-records.ts';

/** Offsets of one partition, both ends included. */
export interface CopiedRange {
  topic: string;
  partition: number;
  first: number;
  last: number;
  /** How often they were delivered. */
  deliveries: number;
}

/** The bytes of batches that one read asks for, and those of all partitions together: they are read at the same time. */
const READ_BYTES = 256 * 1024;
const ALL_BYTES = 16 * 1024 * 1024;

/** How the records of a request are copied. */
interface Copying {
  topicOf: DeadLetterTopic;
  reason: string;
  maxBytes: number;
  deadline: number;
}

/** Offsets that could not be copied, from `from` up to but not including `to`. */
interface Failed {
  from: number;
  to: number;
  error: GatewayError;
}

/**
 * Copies the records of ranges to their dead letter topics, as far as the log still has them. Each partition is read once, from the first
 * range to the last: a worker that rejects hundreds of records singly gets them from the same batches.
 *
 * @returns for each range the error that kept a record from being copied; null if there is none
 */
export async function copyRanges(
  cluster: Cluster,
  ranges: readonly CopiedRange[],
  topicOf: DeadLetterTopic,
  reason: string,
  deadline: number,
): Promise<(GatewayError | null)[]> {
  const partitions = Map.groupBy(ranges, ({ topic, partition }) => `${partition} ${topic}`);
  const maxBytes = Math.min(READ_BYTES, Math.floor(ALL_BYTES / partitions.size));
  const failed = new Map<CopiedRange, GatewayError>();
  const copying = [...partitions.values()].map(async (ofPartition) => {
    const sorted = ofPartition.sort((a, b) => a.first - b.first);
    const failures = await copyPartition(cluster, sorted, { topicOf, reason, maxBytes, deadline });
    for (const range of sorted) {
      const failure = failures.find(({ from, to }) => range.first < to && range.last >= from);
      if (failure !== undefined) failed.set(range, failure.error);
    }
  });
  await Promise.all(copying);
  return ranges.map((range) => failed.get(range) ?? null);
}

/** @param ranges of one partition, in the order of their first offsets; they may overlap */
async function copyPartition(
  cluster: Cluster,
  ranges: readonly CopiedRange[],
  { topicOf, reason, maxBytes, deadline }: Copying,
): Promise<Failed[]> {
  const [{ topic, partition }] = ranges;
  const failures: Failed[] = [];
  let left = ranges;
  for (let offset = ranges[0].first; ; ) {
    left = left.filter(({ last }) => last >= offset);
    if (left.length === 0) return failures;
    offset = Math.max(offset, left[0].first);
    const isIn = finder(left);
    const maxRecords = left.reduce((sum, { first, last }) => sum + last - Math.max(first, offset) + 1, 0);
    const query = {
      topic,
      partition,
      offset,
      keep: (record: StoredRecord) => isIn(record.offset) !== undefined,
      maxRecords,
      maxBytes,
      deadline,
    };
    try {
      const { records, nextOffset } = await storedRecords(cluster, query);
      const rangeOf = finder(left);
      const letters = records.map((record): DeadLetter => {
        return { topic, partition, record, deliveries: rangeOf(record.offset)?.deliveries ?? null, reason };
      });
      await copyDeadLetters(cluster, letters, topicOf, deadline, ({ record }, error) => {
        if (error !== null) failures.push({ from: record.offset, to: record.offset + 1, error });
      });
      // Until a new leader has heard from its followers, it does not show all that the one before has given out.
      if (nextOffset <= offset) throw kafkaError(LEADER_NOT_AVAILABLE);
      offset = nextOffset;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const to = error.goOn?.offset ?? Number.POSITIVE_INFINITY;
      failures.push({ from: offset, to, error });
      offset = to;
    }
  }
}

/** Returns the range that an offset is in, if any. Ask it in the order of the offsets. */
function finder(ranges: readonly CopiedRange[]): (offset: number) => CopiedRange | undefined {
  let at = 0;
  return (offset) => {
    while (at < ranges.length && ranges[at].last < offset) at++;
    return at < ranges.length && ranges[at].first <= offset ? ranges[at] : undefined;
  };
}
