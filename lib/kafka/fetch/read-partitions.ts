import { expires, pauseBefore, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { askOnce, byLeader, refresh, refusal } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { logRetry } from '../cluster/retry.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE } from '../error-codes.ts';
import { atDeadline, isFinal } from '../failures.ts';
import { type FetchedBatches, fetchPartitions, type Isolation } from '../protocol/fetch.ts';
import type { StoredRecord } from '../record.ts';
import { Effort } from '../record-batch/effort.ts';
import { MOST_RECORDS_READ } from '../record-batch/record-page.ts';
import { type Gap, Reading, type ReadPosition } from './reading.ts';
import { skipExpired } from './skip-expired.ts';
import { takeRecords } from './take-records.ts';
import type { VisibleRecords } from './visible-records.ts';

export interface PageOptions {
  isolation: Isolation;
  /** Of keys and values; one record is returned whatever its size. */
  maxBytes: number;
  /** Records with more bytes are returned without their content. No limit unless said. */
  largest?: number;
  maxRecords: number;
  /** What each leader waits for, of batches; one byte unless said. */
  minBytes?: number;
  /** How long to wait for a record, in milliseconds. */
  waitMs: number;
  /** Unix milliseconds. */
  deadline: number;
  /** Which records are wanted; null for all. */
  keep: ((record: StoredRecord) => boolean) | null;
  visible: VisibleRecords;
}

export interface ReadPage {
  /** In the order in which they were given. */
  readings: Reading[];
  /** What had expired, or was deleted, before it was read. */
  gaps: Gap[];
}

const OFFSET_OUT_OF_RANGE = 1;
/** What a broker may take on top of the time it was asked to wait. */
const SILENCE_MS = 2500;
/** Kept from the wait, so that an empty poll is answered before the deadline. */
const MARGIN_MS = 500;
/** How long leaders are waited for at a time where there are several: one that has records does not end the others' wait. */
const SLICE_MS = 200;
/** Most bytes of batches, as they are stored, that one request looks through for records that are wanted. */
const MAX_SCANNED_BYTES = 16 * 1024 * 1024;
/** What is asked for at a time where few records may be wanted. */
const SCAN_BYTES = 2 * 1024 * 1024;
/**
 * The least that a partition is asked for. Brokers cut an answer off within a batch, so of a smaller share much would be sent in vain.
 * Partitions that this leaves no room for on a page come first on the next.
 */
const LEAST_SHARE_BYTES = 64 * 1024;
/** A page is full that has this much of what it may have: the rest is not worth another round. */
const FULL = 0.8;
const MAX_ROUNDS_WITH_RECORDS = 8;

/**
 * Reads records of many partitions, each from a position on: in each round one Fetch to every leader, at the same time. Partitions share
 * the page, those that come first being served first where not all can be. Waits until there is a record, or the time is over.
 * Partitions that cannot be read for the moment are left out of a page that has records; a page without any has asked all of them.
 *
 * @throws {GatewayError} InvalidArgument for a position behind the end of the log; else as `askLeaders`
 */
export async function readPartitions(cluster: Cluster, positions: readonly ReadPosition[], options: PageOptions): Promise<ReadPage> {
  const page = new Page(positions, options);
  const waitUntil = Math.min(Date.now() + options.waitMs, options.deadline - MARGIN_MS);
  for (let round = 0, tries = 0, asked = page.open; asked.length > 0; round++) {
    const left = waitUntil - Date.now();
    const several = byLeader(cluster, asked).size > 1;
    const behind = page.behind.length > 0 && round > 0;
    const waitMs = page.count > 0 || behind || (several && round === 0) ? 0 : Math.max(0, Math.min(left, several ? SLICE_MS : left));
    const failure = await readRound(cluster, page, asked, waitMs);
    if (page.unreadable !== null) {
      if (page.hasMoved) break;
      throw page.unreadable;
    }
    if (page.isFull || (page.count > 0 && (page.behind.length === 0 || round >= MAX_ROUNDS_WITH_RECORDS || page.idle))) break;
    if (page.scanned >= MAX_SCANNED_BYTES || (failure === null && page.effort.isSpent)) break;
    if (failure === null) {
      tries = 0;
      const isOver = Date.now() >= waitUntil;
      if (page.behind.length > 0 && Date.now() < options.deadline - SILENCE_MS) asked = page.behind;
      else if (isOver) break;
      else asked = page.open;
      continue;
    }
    if (page.count > 0) break;
    if (Date.now() + pauseBefore(++tries) >= options.deadline) throw atDeadline(failure);
    logRetry(tries, failure);
    await sleep(pauseBefore(tries));
    await refresh(cluster, page.failed, options.deadline);
    asked = page.open;
  }
  return { readings: page.readings, gaps: page.gaps };
}

/** What was read so far. */
class Page {
  readonly readings: Reading[];
  readonly gaps: Gap[] = [];
  readonly options: PageOptions;
  readonly effort: Effort;
  count = 0;
  bytes = 0;
  scanned = 0;
  /** The largest batch that was more than its partition's share: brokers send such a one only where nothing comes before it. */
  largest = 0;
  /** A batch that cannot be read; what comes before it is read first. */
  unreadable: GatewayError | null = null;
  /** True when the last round has found nothing to take. */
  idle = false;
  /** True when one answer held as much as the page may have: what its batches need besides their records is not worth another round. */
  isServed = false;

  readonly #positions: readonly ReadPosition[];

  constructor(positions: readonly ReadPosition[], options: PageOptions) {
    this.#positions = positions;
    this.readings = positions.map((position) => new Reading(position));
    this.options = options;
    this.effort = new Effort(options.deadline - MARGIN_MS);
  }

  /** Those that have not come to their end. */
  get open(): Reading[] {
    return this.readings.filter(({ isOver }) => !isOver);
  }

  /** Those of which more can be had at once; first those that have nothing on the page yet. */
  get behind(): Reading[] {
    const behind = this.readings.filter(({ isBehind }) => isBehind);
    const isServed = ({ records }: Reading) => records.length > 0;
    return [...behind.filter((one) => !isServed(one)), ...behind.filter(isServed)];
  }

  /** Those that could not be read the last time. */
  get failed(): Reading[] {
    return this.readings.filter(({ failed }) => failed);
  }

  /** True when another page begun here would not be the same. */
  get hasMoved(): boolean {
    return this.readings.some(({ offset }, i) => offset !== this.#positions[i].offset);
  }

  /** How many records more the page may have. */
  get roomForRecords(): number {
    return Math.min(this.options.maxRecords, MOST_RECORDS_READ) - this.count;
  }

  get isFull(): boolean {
    const { maxBytes } = this.options;
    const another = this.count === 0 ? 0 : this.bytes / this.count;
    return this.isServed || this.roomForRecords <= 0 || this.bytes + another > maxBytes || this.bytes >= maxBytes * FULL;
  }
}

/** Asks each leader once. Returns why a partition could not be read for the moment, if one could not. */
async function readRound(cluster: Cluster, page: Page, asked: readonly Reading[], waitMs: number): Promise<GatewayError | null> {
  const { options } = page;
  const left = options.maxBytes - page.bytes;
  const takesAll = options.keep === null && asked.every(({ topic }) => options.visible(topic) === null);
  const maxBytes = takesAll ? left : SCAN_BYTES;
  const share = asked.length === 1 ? maxBytes : Math.max(LEAST_SHARE_BYTES, page.largest, Math.ceil(maxBytes / asked.length));
  const fetched = fetchFrom(cluster, asked, options, { maxBytes, share, waitMs });
  let failure: GatewayError | null = null;
  const answers = new Map<Reading, FetchedBatches>();
  const expired: Reading[] = [];
  for (const reading of asked) reading.failed = true;
  if (await expires(fetched, options.deadline)) {
    if (page.count === 0) throw atDeadline(null);
    return null;
  }
  for (const result of await fetched) {
    if (result instanceof GatewayError) {
      failure = result;
      if (isFinal(failure)) throw failure;
      continue;
    }
    const { reading, answer } = result;
    if (answer.error === NONE) {
      reading.heard(answer, options.isolation);
      answers.set(reading, answer);
    } else if (answer.error === OFFSET_OUT_OF_RANGE) {
      expired.push(reading);
    } else {
      failure = refusal(reading.topic, answer.error);
      if (isFinal(failure)) throw failure;
      continue;
    }
    reading.failed = false;
  }
  if (expired.length > 0) page.gaps.push(...(await skipExpired(cluster, expired, options.deadline)));
  if (failure === null && asked.some(({ failed }) => failed)) failure = kafkaError(LEADER_NOT_AVAILABLE);

  const {
    count,
    bytes,
    failure: unreadable,
  } = await takeRecords(asked, answers, {
    maxRecords: page.roomForRecords,
    maxBytes: left,
    atLeastOne: page.count === 0,
    largest: options.largest ?? Number.POSITIVE_INFINITY,
    keep: options.keep,
    visible: options.visible,
    effort: page.effort,
  });
  page.count += count;
  page.bytes += bytes;
  page.unreadable = unreadable;
  page.idle = count === 0;
  for (const { start, end } of answers.values()) {
    page.scanned += end - start;
    page.isServed ||= takesAll && count > 0 && end - start >= options.maxBytes * FULL;
    if (end - start > share) page.largest = Math.max(page.largest, end - start);
  }
  return failure;
}

interface Fetched {
  reading: Reading;
  answer: FetchedBatches;
}

/** One Fetch to each leader; each partition may have its share of what is asked for. */
function fetchFrom(
  cluster: Cluster,
  asked: readonly Reading[],
  { isolation, deadline, minBytes = 1 }: PageOptions,
  { maxBytes, share, waitMs }: { maxBytes: number; share: number; waitMs: number },
): Promise<(Fetched | GatewayError)[]> {
  const ask = async (connection: BrokerConnection, led: Reading[]): Promise<Fetched[]> => {
    const partitions = led.map(({ topic, partition, offset }) => ({ topic, partition, offset, maxBytes: share }));
    const most = Math.max(share, Math.ceil((maxBytes * led.length) / asked.length));
    const request = fetchPartitions({ waitMs, minBytes, maxBytes: most, isolation, partitions });
    const answers = await connection.send(request, waitMs + SILENCE_MS);
    return answers.map((answer, i) => ({ reading: led[i], answer }));
  };
  return askOnce(cluster, asked, deadline, ask, waitMs > 0 ? 'poll' : 'data');
}
