import { cursorOfOthers, cursorPartitionMissing } from '../../messages/read.ts';
import { topicNotFound } from '../../messages/topics.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { knownTopics } from '../cluster/known-topics.ts';
import type { KnownTopic } from '../cluster/learn-topic.ts';
import type { Led } from '../cluster/successor.ts';
import type { Isolation } from '../protocol/fetch.ts';
import { EARLIEST, LATEST } from '../protocol/list-offsets.ts';
import { offsetsOf } from './list-offsets.ts';
import type { ReadPosition } from './reading.ts';

/** A place in every partition: an offset, one of the ends, or the first record at or after a time (Unix milliseconds). */
export type StartPlace = 'earliest' | 'latest' | { offset: number } | { timestamp: number };

export interface StartOptions {
  /** Where to continue, in the order in which the partitions are served. */
  given: readonly (Led & { offset: number })[];
  /** Where to begin in all other partitions. */
  from: StartPlace;
  /** Where to stop, exclusive; null for the end of the log. */
  to: { offset: number } | { timestamp: number } | null;
  /** Whether given topics and partitions may be missing, because they may have been deleted. */
  mayMiss: boolean;
  /** Whether a topic may have been made anew since the given positions were taken; it then lacks what it has no more. */
  mayBeAnew?: boolean;
  isolation: Isolation;
  /** Unix milliseconds. */
  deadline: number;
}

/** How long new partitions may stay unseen. */
const SEEN_WITHIN_MS = 30_000;

/**
 * Where to read in all partitions of the topics: first the given partitions in their order, then the others.
 *
 * @throws {GatewayError} TopicNotFound; BadRequest for a cursor with other topics or partitions than these; else as `askLeaders`
 */
export async function startPositions(cluster: Cluster, topics: readonly string[], options: StartOptions): Promise<ReadPosition[]> {
  const { from, to, isolation, deadline } = options;
  const known = await topicsNow(cluster, topics, options);
  // A topic that is gone may have been made anew, with fewer partitions.
  const given = options.given.filter(
    ({ topic, partition }) => known.get(topic)?.leaders.has(partition) || !(options.mayMiss || options.mayBeAnew),
  );
  for (const position of given) checkPosition(position, known);

  const inCursor = new Set(given.map(keyOf));
  const others = [...known]
    .flatMap(([topic, { leaders }]) => [...leaders.keys()].sort((a, b) => a - b).map((partition) => ({ topic, partition })))
    .filter((one) => !inCursor.has(keyOf(one)));
  const begin = await placesOf(cluster, others, from, isolation, deadline);
  const positions = [...given, ...others.map((one, i) => ({ ...one, offset: begin[i] }))];
  const ends = to === null ? [] : await endsOf(cluster, positions, to, deadline);
  return positions.map((position, i) => ({ ...position, until: ends[i] ?? Number.POSITIVE_INFINITY }));
}

/** Partitions of the cursor that the metadata lacks may be new: asks for metadata again, once. */
async function topicsNow(
  cluster: Cluster,
  topics: readonly string[],
  { given, mayMiss, deadline }: StartOptions,
): Promise<Map<string, KnownTopic>> {
  const began = Date.now();
  let known = await knownTopics(cluster, topics, deadline, began - SEEN_WITHIN_MS);
  const isMissing = ({ topic, partition }: Led) => known.get(topic)?.leaders.has(partition) === false;
  if (given.some(isMissing)) known = await knownTopics(cluster, topics, deadline, began);
  const missing = topics.find((topic) => !known.has(topic));
  if (missing !== undefined && !mayMiss) throw topicNotFound(missing);
  return known;
}

function checkPosition({ topic, partition }: Led, known: ReadonlyMap<string, KnownTopic>): void {
  const leaders = known.get(topic)?.leaders;
  if (leaders === undefined) throw cursorOfOthers(topic);
  if (leaders.has(partition)) return;
  throw cursorPartitionMissing(partition, topic, leaders.size);
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

const keyOf = ({ topic, partition }: Led): string => `${partition} ${topic}`;
