import { GatewayError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { readPartitions } from '../kafka/fetch/read-partitions.ts';
import type { Gap, Reading, ReadPosition } from '../kafka/fetch/reading.ts';
import { type StartOptions, startPositions } from '../kafka/fetch/start-positions.ts';
import type { VisibleRecords } from '../kafka/fetch/visible-records.ts';
import type { Isolation } from '../kafka/protocol/fetch.ts';
import type { StoredRecord } from '../kafka/record.ts';

/** The topics of a tail, and what is wanted of them. */
export interface TailOptions {
  isolation: Isolation;
  /** Of keys and values that are held at a time; one record is read whatever its size. */
  maxBytes: number;
  /** Records with more bytes come without their content. */
  largest: number;
  /** Most records in all. */
  maxRecords: number;
  /** Which records are wanted; null for all. */
  keep: ((record: StoredRecord) => boolean) | null;
  visible: VisibleRecords;
  /** Before what to stop; null for never. */
  to: StartOptions['to'];
  /** The topics now: those that match a pattern come and go. `newerThan` is in Unix milliseconds. */
  topics: (deadline: number, newerThan?: number) => Promise<readonly string[]>;
  /** Whether topics may be missing, as they may have been deleted. */
  mayMiss: boolean;
  /** When to end, in Unix milliseconds: Kafka is not asked to wait for longer. */
  until: number;
  /** Aborted when nobody wants the next page any more. */
  stops: readonly AbortSignal[];
}

/** What came since the page before: possibly no more than the knowledge that nothing did. */
export interface TailPage {
  readings: readonly Reading[];
  gaps: readonly Gap[];
  /** Where each reading began. */
  begin: readonly ReadPosition[];
  /** Where the next page begins: partitions that had no room on this one come first. */
  next: readonly ReadPosition[];
  /** How many offsets are left to read; null where that is not known of every partition. */
  lag: number | null;
}

/** How long one round waits for a record, and keeps a connection from others, whether or not somebody still wants it. */
const WAIT_MS = 2500;
/** How long one round may take in all, brokers that come and go included. */
const ROUND_MS = 29_000;
/** How often new partitions and new topics of a pattern are looked for. */
const LOOK_MS = 60_000;

/**
 * Follows topics from positions on, page by page, for as long as pages are asked for: the next one is read when it is asked for, and no
 * earlier. Partitions that are added are read from their beginning. It ends by itself where `until`, `to` or `maxRecords` says so, and at
 * once where one of `stops` does.
 *
 * @throws {GatewayError} what `readPartitions` throws; where a batch cannot be read, with the way on
 */
export async function* tail(cluster: Cluster, start: readonly ReadPosition[], options: TailOptions): AsyncGenerator<TailPage, void> {
  let positions = start;
  let left = options.maxRecords;
  let lookedAt = Date.now();
  while (left > 0 && Date.now() < options.until && positions.some(({ offset, until }) => offset < until)) {
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

/** Whether a signal comes before the outcome, which is nobody's business then. */
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

/** A page; null where a topic is gone that may be. */
async function read(cluster: Cluster, begin: readonly ReadPosition[], options: TailOptions): Promise<TailPage | null> {
  const { isolation, maxBytes, largest, maxRecords, keep, visible, mayMiss, until } = options;
  try {
    const now = Date.now();
    const waitMs = Math.max(0, Math.min(WAIT_MS, until - now));
    const room = { isolation, maxBytes, largest, maxRecords, keep, visible, waitMs, deadline: now + ROUND_MS };
    const { readings, gaps } = await readPartitions(cluster, begin, room);
    return { readings, gaps, begin, ...nextOf(readings) };
  } catch (error) {
    if (!mayMiss || !(error instanceof GatewayError) || error.name !== 'TopicNotFound') throw error;
    return null;
  }
}

async function look(
  cluster: Cluster,
  positions: readonly ReadPosition[],
  { topics, to, mayMiss, isolation }: TailOptions,
  newerThan?: number,
): Promise<readonly ReadPosition[]> {
  const deadline = Date.now() + ROUND_MS;
  const now = await topics(deadline, newerThan);
  const given = positions.filter(({ topic }) => now.includes(topic));
  return startPositions(cluster, now, { given, from: 'earliest', to, mayMiss, isolation, deadline });
}

function nextOf(readings: readonly Reading[]): Pick<TailPage, 'next' | 'lag'> {
  const [waiting, others]: [ReadPosition[], ReadPosition[]] = [[], []];
  let lag: number | null = 0;
  for (const reading of readings) {
    const { topic, partition, offset, until, records } = reading;
    const ofThis = reading.lagFrom(offset);
    (records.length > 0 || ofThis === 0 ? others : waiting).push({ topic, partition, offset, until });
    lag = lag === null || ofThis === null ? null : lag + ofThis;
  }
  return { next: [...waiting, ...others], lag };
}
