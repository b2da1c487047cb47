import { expires, pauseBefore, sleep } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { askOnce, byLeader, refresh, refusal } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { logRetry } from '../cluster/retry.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { kafkaError, LEADER_NOT_AVAILABLE, NONE } from '../error-codes.ts';
import { atDeadline, isFinal } from '../failures.ts';
import { type FetchedBatches, fetchPartitions } from '../protocol/fetch.ts';
import { askWithIds } from '../topics/topics-with-ids.ts';
import { Page, type PageOptions } from './page.ts';
import type { Gap, Reading, ReadPosition } from './reading.ts';
import { skipExpired } from './skip-expired.ts';
import { takeRecords } from './take-records.ts';

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
/** How long one wait lasts if there are several leaders: records from one do not end the wait for the others. */
const SLICE_MS = 200;
/** The bytes that one round asks for when few records may be wanted. */
const SCAN_BYTES = 2 * 1024 * 1024;
/**
 * The least that a partition asks for. A broker may cut its answer off within a batch, so much of a smaller share would be sent in vain.
 * Partitions that then have no room on a page come first on the next.
 */
const LEAST_SHARE_BYTES = 64 * 1024;

/**
 * Reads records of many partitions, each from a position on: each round sends one Fetch to every leader, all at the same time. The
 * partitions share the page; if it has no room for all, the first ones come first. Waits until there is a record, or the time is over.
 * A page with records leaves out partitions that cannot be read at the moment; a page without records has asked all partitions.
 *
 * @throws {GatewayError} InvalidArgument for a position after the end of the log, unless that may be; else as `askLeaders`
 */
export async function readPartitions(cluster: Cluster, positions: readonly ReadPosition[], options: PageOptions): Promise<ReadPage> {
  const page = new Page(positions, options);
  let failure: GatewayError | null = null;
  for (let round = 0, tries = 0, asked = page.open; asked.length > 0; round++) {
    const left = page.waitUntil - Date.now();
    const several = byLeader(cluster, asked).size > 1;
    const behind = page.behind.length > 0 && round > 0;
    const waitMs = page.count > 0 || behind || (several && round === 0) ? 0 : Math.max(0, Math.min(left, several ? SLICE_MS : left));
    failure = await readRound(cluster, page, asked, waitMs, failure);
    if (page.unreadable !== null) {
      if (page.hasMoved) break;
      throw page.unreadable;
    }
    if (page.isFull || (page.hasEnough && !page.isInDoubt)) break;
    if (page.hasSearchedEnough || (failure === null && page.effort.isSpent)) break;
    if (failure === null) {
      tries = 0;
      const isOver = Date.now() >= page.waitUntil;
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
  // A failed round has asked for metadata: they may tell of another topic, of which the position says nothing.
  const earlier = before === null ? [] : asked.filter((reading) => isOfEarlier(cluster, reading));
  const current = earlier.length === 0 ? asked : asked.filter((reading) => !earlier.includes(reading));
  const share = asked.length === 1 ? maxBytes : Math.max(LEAST_SHARE_BYTES, page.largest, Math.ceil(maxBytes / asked.length));
  const fetched = fetchFrom(cluster, current, options, { maxBytes, share, waitMs });
  let failure: GatewayError | null = null;
  const answers = new Map<Reading, FetchedBatches>();
  const expired: Reading[] = [...earlier];
  for (const reading of current) reading.failed = true;
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
  const { gaps, afterEnd } = expired.length > 0 ? await skipExpired(cluster, expired, earlier, options.deadline) : NOTHING_EXPIRED;
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
  page.add(taken, answers.values(), { share, takesAll, skipped: skipped.length > 0 });
  return failure;
}

/** Whether the topic of a reading was made anew, as far as the metadata tell. */
function isOfEarlier(cluster: Cluster, { topic, incarnation }: Reading): boolean {
  const now = cluster.known(topic)?.incarnation;
  return now !== undefined && incarnation !== undefined && now !== incarnation;
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
