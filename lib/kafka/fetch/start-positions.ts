import { pauseBefore, sleep } from '../../deadline.ts';
import { cursorOfEarlierTopic, cursorOfOthers, cursorPartitionMissing } from '../../messages/read.ts';
import { topicNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import type { Led } from '../cluster/successor.ts';
import { keyOf } from '../partition-key.ts';
import type { Isolation } from '../protocol/fetch.ts';
import { EARLIEST, LATEST } from '../protocol/list-offsets.ts';
import { knownTopicsWithIds } from '../topics/topics-with-ids.ts';
import { offsetsOf } from './list-offsets.ts';
import type { ReadPosition } from './reading.ts';
import { DOUBTED_MS } from './skip-expired.ts';

/** A place in every partition: an offset, one of the ends, or the first record at or after a time (Unix milliseconds). */
export type StartPlace = 'earliest' | 'latest' | { offset: number } | { timestamp: number };

/** Where a reader has come to. */
type Given = Omit<ReadPosition, 'until' | 'insteadOf'>;

export interface StartOptions {
  /** Where to continue, in the order in which the partitions are served. */
  given: readonly Given[];
  /** Where to begin in all other partitions. */
  from: StartPlace;
  /** Where to stop, exclusive; null for the end of the log. */
  to: { offset: number } | { timestamp: number } | null;
  /** Whether given topics and partitions may be missing, because they may have been deleted. */
  mayMiss: boolean;
  /** Whether a topic may have been made anew since the given positions were taken: it is then read from its beginning. */
  mayBeAnew?: boolean;
  /** How long topics that were made anew, and new partitions, may stay unseen, in milliseconds; by default half a minute. */
  unseenMs?: number;
  /** Whether partitions without a known leader are left out, unless they are given. */
  onlyLed?: boolean;
  isolation: Isolation;
  /** Unix milliseconds. */
  deadline: number;
}

const UNSEEN_MS = 30_000;
/** Kept of the time for a request, to answer it. */
const MARGIN_MS = 1000;

/**
 * Where to read in all partitions of the topics: first the given partitions in their order, then the others.
 *
 * @throws {GatewayError} TopicNotFound; BadRequest for a cursor with other topics or partitions than these, or of an earlier topic of the
 * name; else as `askLeaders`
 */
export async function startPositions(cluster: Cluster, topics: readonly string[], options: StartOptions): Promise<ReadPosition[]> {
  const { from, to, onlyLed = false, isolation, deadline } = options;
  const known = await topicsNow(cluster, topics, options);
  const { given, left } = sortedGiven(options, known);
  const inCursor = new Set(given.map(keyOf));
  const others = [...known]
    .flatMap(([topic, { leaders }]) => [...leaders.keys()].sort((a, b) => a - b).map((partition) => ({ topic, partition })))
    .filter((one) => !inCursor.has(keyOf(one)) && (!onlyLed || (known.get(one.topic)?.leaders.get(one.partition) ?? -1) >= 0));
  const begin = await placesOf(cluster, others, from, isolation, deadline);
  const startOf = (one: Led, offset: number) => {
    const insteadOf = left.get(keyOf(one)) ?? offset;
    return { ...one, offset, ...(insteadOf !== offset && { insteadOf }) };
  };
  const positions = [...given, ...others.map((one, i) => startOf(one, begin[i]))];
  const ends = to === null ? [] : await endsOf(cluster, positions, to, deadline);
  return positions.map((position, i) => {
    const incarnation = known.get(position.topic)?.incarnation;
    return { ...position, until: ends[i] ?? Number.POSITIVE_INFINITY, ...(incarnation !== undefined && { incarnation }) };
  });
}

/** Whether a reader was in an earlier topic of the name; false where that is unknown. */
function isOfEarlier({ topic, incarnation }: Given, known: ReadonlyMap<string, KnownTopic>): boolean {
  const now = known.get(topic)?.incarnation;
  return now !== undefined && incarnation !== undefined && now !== incarnation;
}

/**
 * Partitions of the cursor that the metadata lacks may be new: asks for metadata again, once. So may be its topics: a broker that lags may
 * name the one before, so that another id is doubted at first.
 */
async function topicsNow(
  cluster: Cluster,
  topics: readonly string[],
  { given, mayMiss, unseenMs = UNSEEN_MS, deadline }: StartOptions,
): Promise<Map<string, KnownTopic>> {
  const began = Date.now();
  let known = await knownTopicsWithIds(cluster, topics, deadline, began - unseenMs);
  const isMissing = ({ topic, partition }: Led) => known.get(topic)?.leaders.has(partition) === false;
  const isEarlier = () => given.some((position) => isOfEarlier(position, known));
  if (given.some(isMissing) || isEarlier()) known = await knownTopicsWithIds(cluster, topics, deadline, began);
  const doubtedUntil = Math.min(began + DOUBTED_MS, deadline - MARGIN_MS);
  for (let tries = 1; isEarlier() && Date.now() < doubtedUntil; tries++) {
    await sleep(pauseBefore(tries));
    known = await knownTopicsWithIds(cluster, topics, deadline, Date.now());
  }
  const missing = topics.find((topic) => !known.has(topic));
  if (missing !== undefined && !mayMiss) throw topicNotFound(missing);
  return known;
}

/**
 * The given positions to continue at, in their order, and by partition the offsets that the others had come to in an earlier topic of the
 * name. A topic that is gone may have been made anew, with fewer partitions.
 */
function sortedGiven(
  { given, mayMiss, mayBeAnew = false }: StartOptions,
  known: ReadonlyMap<string, KnownTopic>,
): { given: Given[]; left: Map<string, number> } {
  const sorted: { given: Given[]; left: Map<string, number> } = { given: [], left: new Map() };
  for (const position of given) {
    const { topic, partition, offset } = position;
    const leaders = known.get(topic)?.leaders;
    const isEarlier = isOfEarlier(position, known);
    if (!isEarlier && leaders?.has(partition)) sorted.given.push(position);
    else if (!mayMiss && !mayBeAnew) {
      if (leaders === undefined) throw cursorOfOthers(topic);
      throw isEarlier ? cursorOfEarlierTopic(topic) : cursorPartitionMissing(partition, topic, leaders.size);
    } else if (isEarlier) sorted.left.set(keyOf(position), offset);
  }
  return sorted;
}

/** The offsets that a place stands for. An offset after the end of a log becomes its end. */
async function placesOf(
  cluster: Cluster,
  partitions: readonly Led[],
  place: StartPlace,
  isolation: Isolation,
  deadline: number,
): Promise<number[]> {
  if (partitions.length === 0) return [];
  const at = (timestamp: number) => offsetsOf(cluster, partitions, timestamp, deadline, isolation);
  if (place === 'earliest') return at(EARLIEST);
  if (place === 'latest') return at(LATEST);
  if ('offset' in place) return (await at(LATEST)).map((end) => Math.min(place.offset, end));
  const found = await at(place.timestamp);
  if (found.every((offset) => offset >= 0)) return found;
  const ends = await at(LATEST);
  return found.map((offset, i) => (offset >= 0 ? offset : ends[i]));
}

async function endsOf(
  cluster: Cluster,
  partitions: readonly Led[],
  to: { offset: number } | { timestamp: number },
  deadline: number,
): Promise<number[]> {
  if ('offset' in to) return partitions.map(() => to.offset);
  const found = await offsetsOf(cluster, partitions, to.timestamp, deadline);
  return found.map((offset) => (offset >= 0 ? offset : Number.POSITIVE_INFINITY));
}
