import { GatewayError } from '../../errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { fetchRecords } from '../fetch/fetch-records.ts';
import { offsetBounds } from '../fetch/list-offsets.ts';
import { allVisible } from '../fetch/visible-records.ts';
import type { StoredRecord } from '../record.ts';

/** Where to read, and how much. */
export interface StoredQuery {
  topic: string;
  partition: number;
  offset: number;
  /** Which records are wanted; null for all. */
  keep: ((record: StoredRecord) => boolean) | null;
  maxRecords: number;
  /** Of stored batches; a single one may be larger. */
  maxBytes: number;
  /** Unix milliseconds. */
  deadline: number;
}

/**
 * Reads what a partition holds, committed or not, from an offset on; from the beginning of the log where retention has deleted the offset.
 *
 * @throws {GatewayError} as `fetchRecords`
 */
export async function storedRecords(cluster: Cluster, query: StoredQuery): Promise<{ records: StoredRecord[]; nextOffset: number }> {
  const { topic, partition, offset, keep, maxRecords, maxBytes, deadline } = query;
  const read = (from: number) =>
    fetchRecords(cluster, topic, partition, {
      position: { offset: from },
      isolation: 'read_uncommitted',
      ...{ maxBytes, minBytes: 1, waitMs: 0, maxRecords, deadline },
      visible: keep === null ? allVisible : () => keep,
    });
  try {
    return await read(offset);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.name !== 'InvalidArgument') throw error;
    const [{ beginning }] = await offsetBounds(cluster, topic, [partition], deadline);
    if (beginning <= offset) throw error;
    return read(beginning);
  }
}

/** The record at an offset; null if it is gone. @throws {GatewayError} as `fetchRecords` */
export async function recordAt(
  cluster: Cluster,
  place: Pick<StoredQuery, 'topic' | 'partition' | 'offset'>,
  deadline: number,
): Promise<StoredRecord | null> {
  const { records } = await storedRecords(cluster, { ...place, keep: null, maxRecords: 1, maxBytes: 1, deadline });
  return records[0]?.offset === place.offset ? records[0] : null;
}
