import { sleep, stoodStill } from '../deadline.ts';
import { GatewayError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { readPartitions } from '../kafka/fetch/read-partitions.ts';
import type { Gap, Reading, ReadPosition } from '../kafka/fetch/reading.ts';
import { type StartOptions, startPositions } from '../kafka/fetch/start-positions.ts';
import type { VisibleRecords } from '../kafka/fetch/visible-records.ts';
import type { Isolation } from '../kafka/protocol/fetch.ts';
import type { StoredRecord } from '../kafka/record.ts';

/** The topics of a tail, and which of their records to read. */
export interface TailOptions {
  isolation: Isolation;
  /** Most bytes of keys and values in memory at a time; a single record may be larger. */
  maxBytes: number;
  /** Records with more bytes come without content. */
  largest: number;
  /** Most records of the whole tail. */
  maxRecords: number;
  /** Which records to return; null for all. */
  keep: ((record: StoredRecord) => boolean) | null;
  visible: VisibleRecords;
  /** Where to stop; null for never. */
  to: StartOptions['to'];
  /** The current topics: those that match a pattern change. `newerThan` is in Unix milliseconds. */
  topics: (deadline: number, newerThan?: number) => Promise<readonly string[]>;
  /** Whether topics may be missing, because they may have been deleted. */
  mayMiss: boolean;
  /** When to end, in Unix milliseconds. No fetch waits longer than that. */
  until: number;
  /** Abort when nobody wants the next page any more. */
  stops: readonly AbortSignal[];
}

/** What arrived since the page before; it may be empty. */
export interface TailPage {
  readings: readonly Reading[];
  gaps: readonly Gap[];
  /** The position at which each reading began. */
  begin: readonly ReadPosition[];
  /** The position of the next page: partitions that had no room on this one come first. */
  next: readonly ReadPosition[];
  /** How many offsets are left to read; null when it is unknown for a partition. */
  lag: number | null;
}

/** How long one fetch waits for records. It keeps its connection that long, even if nobody wants the records any more. */
const WAIT_MS = 2500;
/** How long one fetch may take in total, including the search for brokers that are restarting. */
const ROUND_MS = 29_000;
/** How often to look for new partitions, and for new topics of a pattern. */
const LOOK_MS = 60_000;

/**
 * Follows topics page by page. It reads a page only when the caller requests it. New partitions are read from their beginning. It ends at
 * `until`, `to` or `maxRecords`, and at once when one of `stops` aborts.
 *
 * @throws {GatewayError} what `readPartitions` throws; for an unreadable batch, with the position after it
 */
export async function* tail(cluster: Cluster, start: readonly ReadPosition[], options: TailOptions): AsyncGenerator<TailPage, void> {
  let positions = start;
  let left = options.maxRecords;
  let lookedAt = Date.now();
  // No topic may match a pattern yet, or any more.
  const mayCome = options.mayMiss && options.to === null;
  const isOpen = () => (mayCome && positions.length === 0) || positions.some(({ offset, until }) => offset < until);
  while (left > 0 && Date.now() < options.until && isOpen()) {
    if (positions.length === 0) {
      if (await isStopped(sleep(Math.min(WAIT_MS, options.until - Date.now())), options.stops)) return;
      positions = await look(cluster, positions, options);
      continue;
    }
    if (Date.now() - lookedAt >= LOOK_MS) {
      positions = await look(cluster, positions, options);
      lookedAt = Date.now();
    }
    const reading = read(cluster, positions, { ...options, maxRecords: left });
    if (await isStopped(reading, options.stops)) return;
    const page = await reading;
    if (page === null) {
      positions = await look(cluster, positions, options, lookedAt);
      lookedAt = Date.now();
      continue;
    }
    yield page;
    for (const { records } of page.readings) left -= records.length;
    positions = page.next;
  }
}

/** Whether a signal aborts before the promise settles, whose result then does not matter. */
async function isStopped(outcome: Promise<unknown>, stops: readonly AbortSignal[]): Promise<boolean> {
  const stopped = Promise.withResolvers<true>();
  const stop = () => stopped.resolve(true);
  for (const signal of stops) signal.addEventListener('abort', stop, { once: true });
  if (stops.some(({ aborted }) => aborted)) stop();
  try {
    return await Promise.race([stopped.promise, outcome.then(isNot, isNot)]);
  } finally {
    for (const signal of stops) signal.removeEventListener('abort', stop);
  }
}

const isNot = (): false => false;

/**
 * Does the work of a round. Does it again if this process was frozen past its deadline: then it was not Kafka that was silent.
 *
 * @throws {GatewayError} what `work` throws
 */
async function round<T>(work: (deadline: number) => Promise<T>): Promise<T> {
  for (;;) {
    const deadline = Date.now() + ROUND_MS;
    try {
      return await work(deadline);
    } catch (error) {
      const isOfTime = error instanceof GatewayError && (error.name === 'DeadlineExceeded' || error.name === 'KafkaUnavailable');
      if (!isOfTime || !stoodStill(deadline)) throw error;
    }
  }
}

/** A page; null when a topic is missing that may be. */
async function read(cluster: Cluster, begin: readonly ReadPosition[], options: TailOptions): Promise<TailPage | null> {
  const { isolation, maxBytes, largest, maxRecords, keep, visible, mayMiss, until } = options;
  try {
    const room = { isolation, maxBytes, largest, maxRecords, keep, visible, mayBeAnew: mayMiss };
    const { readings, gaps } = await round((deadline) => {
      const waitMs = Math.max(0, Math.min(WAIT_MS, until - Date.now()));
      return readPartitions(cluster, begin, { ...room, waitMs, deadline });
    });
    return { readings, gaps, begin, ...nextOf(readings) };
  } catch (error) {
    if (!mayMiss || !(error instanceof GatewayError) || error.name !== 'TopicNotFound') throw error;
    return null;
  }
}

function look(
  cluster: Cluster,
  positions: readonly ReadPosition[],
  { topics, to, mayMiss, isolation }: TailOptions,
  newerThan?: number,
): Promise<readonly ReadPosition[]> {
  return round(async (deadline) => {
    const now = await topics(deadline, newerThan);
    const given = positions.filter(({ topic }) => now.includes(topic));
    return startPositions(cluster, now, { given, from: 'earliest', to, mayMiss, isolation, deadline });
  });
}

function nextOf(readings: readonly Reading[]): Pick<TailPage, 'next' | 'lag'> {
  const [waiting, others]: [ReadPosition[], ReadPosition[]] = [[], []];
  let lag: number | null = 0;
  for (const reading of readings) {
    const { topic, partition, offset, until, records, incarnation } = reading;
    const ofThis = reading.lagFrom(offset);
    (records.length > 0 || ofThis === 0 ? others : waiting).push({ topic, partition, offset, until, incarnation });
    lag = lag === null || ofThis === null ? null : lag + ofThis;
  }
  return { next: [...waiting, ...others], lag };
}
