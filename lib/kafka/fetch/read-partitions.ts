import { expires, pauseBefore, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { cursorAfterEnd } from '../../messages/read.ts';
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
import { askWithIds } from '../topics/topics-with-ids.ts';
import { type Gap, Reading, type ReadPosition } from './reading.ts';
import { type AfterEnd, DOUBTED_MS, skipExpired } from './skip-expired.ts';
import { takeRecords } from './take-records.ts';
import type { VisibleRecords } from './visible-records.ts';

export interface PageOptions {
  isolation: Isolation;
  /** Of keys and values; at least one record is returned, whatever its size. */
  maxBytes: number;
  /** Records with more bytes are returned without their content. No limit by default. */
  largest?: number;
  maxRecords: number;
  /** Bytes of batches that each leader waits for; 1 by default. */
  minBytes?: number;
  /** How long to wait for a record, in milliseconds. */
  waitMs: number;
  /** Unix milliseconds. */
  deadline: number;
  /** Whether topics may have been made anew since their positions were taken: they are read from their beginning then. */
  mayBeAnew?: boolean;
  /** Which records are wanted; null for all. */
  keep: ((record: StoredRecord) => boolean) | null;
  visible: VisibleRecords;
}

export interface ReadPage {
  /** In the order of the given positions. */
  readings: Reading[];
  /** Offsets that had expired or were deleted before they were read. */
  gaps: Gap[];
}

const OFFSET_OUT_OF_RANGE = 1;
const NOTHING_EXPIRED = { gaps: [], afterEnd: [] } as const;
/** How much longer than the wait that it was asked for a broker may take. */
const SILENCE_MS = 2500;
/** Taken off the wait, so that an empty poll is answered before the deadline. */
const MARGIN_MS = 500;
/** How long one wait lasts if there are several leaders: records from one do not end the wait for the others. */
const SLICE_MS = 200;
/** The most bytes of stored batches that one request searches for wanted records. */
const MAX_SCANNED_BYTES = 16 * 1024 * 1024;
/** The bytes that one round asks for when few records may be wanted. */
const SCAN_BYTES = 2 * 1024 * 1024;
/**
 * The least that a partition asks for. A broker may cut its answer off within a batch, so much of a smaller share would be sent in vain.
 * Partitions that then have no room on a page come first on the next.
 */
const LEAST_SHARE_BYTES = 64 * 1024;
/** A page with this part of its limit is full: the rest is not worth another round. */
const FULL = 0.8;
const MAX_ROUNDS_WITH_RECORDS = 8;

/**
 * Reads records of many partitions, each from a position on: each round sends one Fetch to every leader, all at the same time. The
 * partitions share the page; if it has no room for all, the first ones come first. Waits until there is a record, or the time is over.
 * A page with records leaves out partitions that cannot be read at the moment; a page without records has asked all partitions.
 *
 * @throws {GatewayError} InvalidArgument for a position after the end of the log, unless that may be; else as `askLeaders`
 */
export async function readPartitions(cluster: Cluster, positions: readonly ReadPosition[], options: PageOptions): Promise<ReadPage> {
  const page = new Page(positions, options);
  const waitUntil = Math.min(Date.now() + options.waitMs, options.deadline - MARGIN_MS);
  let failure: GatewayError | null = null;
  for (let round = 0, tries = 0, asked = page.open; asked.length > 0; round++) {
    const left = waitUntil - Date.now();
    const several = byLeader(cluster, asked).size > 1;
    const behind = page.behind.length > 0 && round > 0;
    const waitMs = page.count > 0 || behind || (several && round === 0) ? 0 : Math.max(0, Math.min(left, several ? SLICE_MS : left));
    failure = await readRound(cluster, page, asked, waitMs, failure);
    if (page.unreadable !== null) {
      if (page.hasMoved) break;
      throw page.unreadable;
    }
    if (page.isFull || (page.hasEnough && !page.isInDoubt)) break;
    if (page.scanned >= MAX_SCANNED_BYTES || (failure === null && page.effort.isSpent)) break;
    if (failure === null) {
      tries = 0;
      const isOver = Date.now() >= waitUntil;
      if (page.behind.length > 0 && Date.now() < options.deadline - SILENCE_MS) asked = page.behind;
      else if (isOver) break;
      else asked = page.open;
      continue;
    }
    if (page.count > 0 && !page.isInDoubt) break;
    if (Date.now() + pauseBefore(++tries) >= options.deadline) throw atDeadline(failure, options.deadline);
    logRetry(tries, failure);
    await sleep(pauseBefore(tries));
    // The topic of a failed reading may be another by now: its next position must not have the id of the one before.
    await refresh(cluster, page.failed, options.deadline, askWithIds);
    asked = page.open;
  }
  return { readings: page.readings, gaps: page.gaps };
}

/** What was read so far. */
class Page {
  readonly readings: Reading[];
  readonly gaps: Gap[];
  readonly options: PageOptions;
  readonly effort: Effort;
  count = 0;
  /** How many rounds took records. */
  rounds = 0;
  bytes = 0;
  scanned = 0;
  /** The largest batch that exceeded its partition's share: brokers send such a batch only if nothing comes before it. */
  largest = 0;
  /** The error of a batch that cannot be read; the records before it are returned first. */
  unreadable: GatewayError | null = null;
  /** True when the last round took no record, and skipped to none. */
  idle = false;
  /** True when one answer held as much as the page may hold: the overhead of its batches is not worth another round. */
  isServed = false;

  readonly #positions: readonly ReadPosition[];
  #doubtedSince: number | null = null;

  constructor(positions: readonly ReadPosition[], options: PageOptions) {
    this.#positions = positions;
    this.readings = positions.map((position) => new Reading(position));
    this.gaps = positions.flatMap(({ topic, partition, insteadOf: from, offset: to }) =>
      from === undefined ? [] : { topic, partition, from, to },
    );
    this.options = options;
    this.effort = new Effort(options.deadline - MARGIN_MS);
  }

  /** Those that have not reached their end. */
  get open(): Reading[] {
    return this.readings.filter(({ isOver }) => !isOver);
  }

  /** Those with more records to fetch at once; first those without records on the page. */
  get behind(): Reading[] {
    const behind = this.readings.filter(({ isBehind }) => isBehind);
    const isServed = ({ records }: Reading) => records.length > 0;
    return [...behind.filter((one) => !isServed(one)), ...behind.filter(isServed)];
  }

  /** Those whose last read failed. */
  get failed(): Reading[] {
    return this.readings.filter(({ failed }) => failed);
  }

  /** True when a reading has moved, so that another page from here would differ. */
  get hasMoved(): boolean {
    return this.readings.some(({ offset }, i) => offset !== this.#positions[i].offset);
  }

  /** True if another round for its records is not worth the wait. */
  get hasEnough(): boolean {
    return this.count > 0 && (this.behind.length === 0 || this.rounds > MAX_ROUNDS_WITH_RECORDS || this.idle);
  }

  /** True while a log ends before a position, and it is too early to believe that. */
  get isInDoubt(): boolean {
    return this.#doubtedSince !== null;
  }

  /**
   * Judges the readings of a round that are after the end of their logs: at first they count as failed. When that lasts, they begin anew,
   * if their topics may be new ones.
   *
   * @returns what they leave out by that
   * @throws {GatewayError} InvalidArgument otherwise
   */
  judge(afterEnd: readonly AfterEnd[], incarnationNow: (topic: string) => string | undefined): Gap[] {
    if (afterEnd.length === 0) {
      this.#doubtedSince = null;
      return [];
    }
    this.#doubtedSince ??= Date.now();
    if (Date.now() < Math.min(this.#doubtedSince + DOUBTED_MS, this.options.deadline - 2 * MARGIN_MS)) {
      for (const { reading } of afterEnd) reading.failed = true;
      return [];
    }
    this.#doubtedSince = null;
    return afterEnd.map(({ reading, beginning, end }) => {
      const { topic, partition, offset } = reading;
      if (!this.options.mayBeAnew) throw cursorAfterEnd(offset, partition, topic, end);
      reading.incarnation = incarnationNow(topic);
      return reading.skipTo(beginning, end);
    });
  }

  /** How many more records the page may hold. */
  get roomForRecords(): number {
    return Math.min(this.options.maxRecords, MOST_RECORDS_READ) - this.count;
  }

  get isFull(): boolean {
    const { maxBytes } = this.options;
    const another = this.count === 0 ? 0 : this.bytes / this.count;
    return this.isServed || this.roomForRecords <= 0 || this.bytes + another > maxBytes || this.bytes >= maxBytes * FULL;
  }
}

/**
 * Asks each leader once. Returns the error of a partition that cannot be read at the moment, if there is one.
 *
 * @param before that of the round before
 */
async function readRound(
  cluster: Cluster,
  page: Page,
  asked: readonly Reading[],
  waitMs: number,
  before: GatewayError | null,
): Promise<GatewayError | null> {
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
    if (page.count === 0) throw atDeadline(before, options.deadline);
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
  const { gaps, afterEnd } = expired.length > 0 ? await skipExpired(cluster, expired, options.deadline) : NOTHING_EXPIRED;
  const skipped = [...gaps, ...page.judge(afterEnd, (topic) => cluster.known(topic)?.incarnation)];
  page.gaps.push(...skipped);
  if (failure === null && asked.some(({ failed }) => failed)) failure = kafkaError(LEADER_NOT_AVAILABLE);

  const taken = await takeRecords(asked, answers, {
    maxRecords: page.roomForRecords,
    maxBytes: left,
    atLeastOne: page.count === 0,
    largest: options.largest ?? Number.POSITIVE_INFINITY,
    keep: options.keep,
    visible: options.visible,
    effort: page.effort,
  });
  page.count += taken.count;
  if (taken.count > 0) page.rounds++;
  page.bytes += taken.bytes;
  page.unreadable = taken.failure;
  page.idle = taken.count === 0 && skipped.length === 0;
  for (const { start, end } of answers.values()) {
    page.scanned += end - start;
    page.isServed ||= takesAll && taken.count > 0 && end - start >= options.maxBytes * FULL;
    if (end - start > share) page.largest = Math.max(page.largest, end - start);
  }
  return failure;
}

interface Fetched {
  reading: Reading;
  answer: FetchedBatches;
}

/** One Fetch to each leader; each partition may use up to its share of the bytes. */
function fetchFrom(
  cluster: Cluster,
  asked: readonly Reading[],
  { isolation, deadline, minBytes = 1 }: PageOptions,
  { maxBytes, share, waitMs }: { maxBytes: number; share: number; waitMs: number },
): Promise<(Fetched | GatewayError)[]> {
  const ask = async (connection: BrokerConnection, led: Reading[]): Promise<Fetched[]> => {
    const partitions = led.map(({ topic, partition, offset }) => {
      return { topic, partition, leaderEpoch: cluster.leaderEpochOf(topic, partition), offset, maxBytes: share };
    });
    const most = Math.max(share, Math.ceil((maxBytes * led.length) / asked.length));
    const request = fetchPartitions({ waitMs, minBytes, maxBytes: most, isolation, partitions });
    const answers = await connection.send(request, waitMs + SILENCE_MS);
    return answers.map((answer, i) => ({ reading: led[i], answer }));
  };
  return askOnce(cluster, asked, deadline, ask, waitMs > 0 ? 'poll' : 'data');
}
