import { BoundedMap } from '../../bounded-map.ts';
import type { NewRecord } from '../record.ts';
import { sizeBound } from '../record-batch/write.ts';

/** Bytes of records in a batch before compression: below what brokers accept by default (`max.message.bytes`, 1 048 588). */
const MAX_BATCH_BYTES = 1_000_000;
const MAX_TOPICS = 1000;
const DOUBLED_AFTER_MS = 5 * 60_000;

/** Records of one partition, as places in the request's list. */
export interface PartitionRecords {
  topic: string;
  partition: number;
  places: number[];
}

/**
 * Splits a partition's records into runs that fit into a batch each. A record larger than a batch is a run of its own: Kafka decides
 * whether to accept it.
 */
export function cutIntoRuns(
  { topic, partition, places }: PartitionRecords,
  records: readonly NewRecord[],
  maxBytes: number,
): PartitionRecords[] {
  const runs: PartitionRecords[] = [];
  let run: number[] = [];
  let size = 0;
  for (const place of places) {
    const bytes = sizeBound(records[place]);
    if (run.length > 0 && size + bytes > maxBytes) {
      runs.push({ topic, partition, places: run });
      run = [];
      size = 0;
    }
    run.push(place);
    size += bytes;
  }
  runs.push({ topic, partition, places: run });
  return runs;
}

/** Upper bound of the bytes that these records take in a batch. */
export function sizeOf({ places }: PartitionRecords, records: readonly NewRecord[]): number {
  let size = 0;
  for (const place of places) size += sizeBound(records[place]);
  return size;
}

/**
 * The largest batch of each topic, learnt from Kafka's refusals: the limit is a setting of the topic that not every caller may read. As
 * the setting may be raised, the learnt limit doubles from time to time.
 */
export class BatchLimits {
  readonly #learnt = new BoundedMap<string, { bytes: number; since: number }>(MAX_TOPICS);

  of(topic: string): number {
    const learnt = this.#learnt.get(topic);
    if (learnt === undefined) return MAX_BATCH_BYTES;
    return Math.min(MAX_BATCH_BYTES, learnt.bytes * 2 ** Math.floor((Date.now() - learnt.since) / DOUBLED_AFTER_MS));
  }

  /** Kafka refused a batch of this many bytes as too large: halves that for the topic, and returns the new limit. */
  halve(topic: string, bytes: number): number {
    const limit = Math.ceil(bytes / 2);
    this.#learnt.set(topic, { bytes: limit, since: Date.now() });
    return limit;
  }
}
