import type { GatewayError } from '../../errors.ts';
import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { offsetOutside } from '../../messages/read.ts';
import { askLeaders, refresh } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { decompress } from '../compression/decompress.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { KafkaAnswer, NONE, OFFSET_OUT_OF_RANGE } from '../error-codes.ts';
import { type FetchAnswer, fetch, type Isolation } from '../protocol/fetch.ts';
import { EARLIEST, LATEST } from '../protocol/list-offsets.ts';
import type { StoredRecord } from '../record.ts';
import { copyRecord } from '../record-batch/copy-record.ts';
import { Effort } from '../record-batch/effort.ts';
import { readBatches } from '../record-batch/read.ts';
import { offsetBounds, offsetsAtTime } from './list-offsets.ts';
import type { VisibleRecords } from './visible-records.ts';

/** Where to begin: at an offset, at one of the ends, or at the first record at or after a time (Unix milliseconds). */
export type FetchPosition = { offset: number | 'earliest' | 'latest' } | { timestamp: number };

export interface FetchOptions {
  position: FetchPosition;
  isolation: Isolation;
  /** Of keys, values and headers; at least one record is returned, whatever its size. */
  maxBytes: number;
  /** Records with more bytes are returned without their content. No limit by default. */
  largest?: number;
  /** The broker waits for this many bytes of batches, for at most `waitMs`. */
  minBytes: number;
  waitMs: number;
  maxRecords: number;
  visible: VisibleRecords;
  /** Unix milliseconds. */
  deadline: number;
}

export interface FetchedPage {
  records: StoredRecord[];
  /** Where to continue: past control records and aborted transactions, too. */
  nextOffset: number;
  highWatermark: number;
  logStartOffset: number;
}

/** How much longer than the wait that it was asked for a broker may take. */
const SILENCE_MS = 2500;
/** Taken off the wait, so that an empty poll is answered before the deadline. */
const MARGIN_MS = 500;

/**
 * Reads a partition's records from a position on. Keeps no state: the caller continues at `nextOffset`.
 *
 * @throws {GatewayError} InvalidArgument with the bounds for an offset outside the log; as `readBatches` for a first batch that cannot
 * be read, with where to continue; else as {@link askLeaders}
 */
export async function fetchRecords(cluster: Cluster, topic: string, partition: number, options: FetchOptions): Promise<FetchedPage> {
  const from = await startOffset(cluster, topic, partition, options);
  let answer = await fetchBatches(cluster, topic, partition, from, options);
  if (answer.outOfRange) {
    // The broker may have led by metadata that is old, its own and ours: it had less of the log than the present leader.
    await refresh(cluster, [{ topic, partition }], options.deadline);
    const [{ beginning, end }] = await offsetBounds(cluster, topic, [partition], options.deadline);
    if (from >= beginning && from <= end) answer = await fetchBatches(cluster, topic, partition, from, options);
    if (answer.outOfRange) throw outOfRange(topic, partition, from, beginning, end);
  }
  const keep = options.visible(topic);
  const { records, nextOffset } = await readBatches(answer.bytes, answer.start, answer.end, {
    from,
    aborted: answer.aborted,
    maxRecords: options.maxRecords,
    maxBytes: options.maxBytes,
    ...(options.largest !== undefined && { largest: options.largest }),
    end: answer.highWatermark,
    firstIsWhole: true,
    effort: new Effort(options.deadline - MARGIN_MS),
    decompress,
    ...(keep !== null && { keep }),
  });
  // A few visible records must not keep all the fetched bytes in memory.
  return {
    records: keep === null ? records : records.map(copyRecord),
    nextOffset,
    highWatermark: answer.highWatermark,
    logStartOffset: answer.logStartOffset,
  };
}

async function startOffset(
  cluster: Cluster,
  topic: string,
  partition: number,
  { position, isolation, deadline }: FetchOptions,
): Promise<number> {
  if ('offset' in position && typeof position.offset === 'number') return position.offset;
  const end = async (time: number): Promise<number> => {
    const [{ offset }] = await offsetsAtTime(cluster, topic, [partition], time, deadline, isolation);
    return offset;
  };
  if ('offset' in position) return end(position.offset === 'earliest' ? EARLIEST : LATEST);
  const found = await end(position.timestamp);
  return found >= 0 ? found : end(LATEST);
}

async function fetchBatches(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: number,
  { waitMs, minBytes, maxBytes, isolation, deadline }: FetchOptions,
): Promise<FetchAnswer & { outOfRange: boolean }> {
  const waitUntil = Math.min(Date.now() + waitMs, deadline - MARGIN_MS);
  const ask = async (connection: BrokerConnection) => {
    const wait = Math.max(0, waitUntil - Date.now());
    const limits = { waitMs: wait, minBytes, maxBytes: Math.min(maxBytes, MAX_INT32), isolation };
    const leaderEpoch = cluster.leaderEpochOf(topic, partition);
    const fetched = await connection.send(fetch({ topic, partition, leaderEpoch, offset, ...limits }), wait + SILENCE_MS);
    // An offset outside the log is an answer, too: the caller reports the bounds of the log.
    const outOfRange = fetched.error === OFFSET_OUT_OF_RANGE;
    return [{ ...fetched, partition, outOfRange, error: outOfRange ? NONE : fetched.error }];
  };
  const [answer] = await askLeaders(cluster, topic, [partition], deadline, ask, waitMs > 0 ? 'poll' : 'data');
  return answer;
}

function outOfRange(topic: string, partition: number, offset: number, beginning: number, end: number): GatewayError {
  const cause = new KafkaAnswer('OFFSET_OUT_OF_RANGE', OFFSET_OUT_OF_RANGE);
  return offsetOutside.with({ cause }, offset, partition, topic, beginning, end);
}
