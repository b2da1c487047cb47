import { GatewayError } from '../../../errors.ts';
import { noCommittedOffset } from '../../../messages/consumers.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { knownTopics } from '../../cluster/known-topics.ts';
import { EARLIEST, LATEST, offsetsOf } from '../../fetch/list-offsets.ts';
import type { ConsumerOptions, HandedOut, Place, PlacePosition, ReadRecords, WantedRecords } from './coordinator.ts';
import type { Row } from './row.ts';

interface PollState {
  reader: string;
  /** Of `pollKey`; null without a `poll_id`. */
  poll: string | null;
  waitUntil: number;
  options: ConsumerOptions;
  deadline: number;
}

/**
 * What a poll reads: from the consumer's position, else from the committed offset, else from where the offset reset says. A repeated poll
 * gets what it got before, and no more.
 */
export async function wantedOf(cluster: Cluster, rows: readonly Row[], state: PollState): Promise<WantedRecords> {
  const { reader, poll, waitUntil, options, deadline } = state;
  const repeated = rows.flatMap(({ topic, partition, reader: whose, position, replay }) =>
    whose === reader && poll !== null && replay?.poll === poll && position !== null
      ? [{ topic, partition, offset: replay.from, until: position }]
      : [],
  );
  if (repeated.length > 0) {
    await knownTopics(cluster, topicsOf(repeated), deadline);
    return { positions: repeated, waitMs: 0 };
  }
  const isPlaced = (row: Row) => (row.reader === reader && row.position !== null) || row.committed >= 0;
  // Leaders are asked where to begin, and know nothing of deleted topics, so leave these out by new metadata.
  const there = await existing(cluster, rows, deadline, rows.every(isPlaced) ? 0 : Date.now());
  const begin = await beginnings(
    cluster,
    there.filter((row) => !isPlaced(row)),
    options,
    deadline,
  );
  const offsetOf = (row: Row): number => (row.reader === reader && row.position !== null ? row.position : row.committed);
  const placed = there.filter(isPlaced).map((row) => ({ topic: row.topic, partition: row.partition, offset: offsetOf(row) }));
  const positions = [...placed, ...begin].map((one) => ({ ...one, until: Number.POSITIVE_INFINITY }));
  return { positions, waitMs: Math.max(0, waitUntil - Date.now()) };
}

/**
 * The partitions that exist: the group may still have topics that were deleted.
 *
 * @param newerThan metadata from before this time is too old (Unix milliseconds)
 */
export async function existing<One extends Place>(
  cluster: Cluster,
  places: readonly One[],
  deadline: number,
  newerThan = 0,
): Promise<One[]> {
  const topics = topicsOf(places);
  const began = Date.now();
  let known = await knownTopics(cluster, topics, deadline, newerThan);
  const isThere = ({ topic, partition }: Place) => known.get(topic)?.leaders.has(partition) === true;
  // Partitions may be newer than what is known.
  if (!places.every(isThere)) known = await knownTopics(cluster, topics, deadline, began);
  return places.filter(isThere);
}

const topicsOf = (places: readonly Place[]): string[] => [...new Set(places.map(({ topic }) => topic))];

async function beginnings(
  cluster: Cluster,
  places: readonly Place[],
  { offsetReset, isolation }: ConsumerOptions,
  deadline: number,
): Promise<PlacePosition[]> {
  if (places.length === 0) return [];
  const [{ topic, partition }] = places;
  if (offsetReset === 'none') throw noCommittedOffset(topic, partition);
  const offsets = await offsetsOf(cluster, places, offsetReset === 'earliest' ? EARLIEST : LATEST, deadline, isolation);
  return places.map((place, i) => ({ topic: place.topic, partition: place.partition, offset: offsets[i] }));
}

/** What was read. */
export interface HandedOutAt<Answer> {
  readonly handedOut: HandedOut<Answer>;
  /** When that was: at the latest, or without records at the earliest (Unix milliseconds). An answer may come long after it was made. */
  readonly readAt: number;
}

/**
 * Reads what is wanted. If a position is after the end of a log, as the topic was recreated, the consumer begins there as if it had
 * committed nothing. A topic that is deleted meanwhile is left out.
 */
export async function readFrom<Answer>(
  cluster: Cluster,
  wanted: WantedRecords,
  { options, deadline }: Pick<PollState, 'options' | 'deadline'>,
  read: ReadRecords<Answer>,
): Promise<HandedOutAt<Answer>> {
  const beganAt = Date.now();
  try {
    return at(await read(wanted), beganAt + wanted.waitMs);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { positions, waitMs } = wanted;
    if (error.name === 'TopicNotFound' || error.name === 'PartitionNotFound') {
      const there = await existing(cluster, positions, deadline);
      if (there.length === positions.length) throw error;
      return at(await read({ positions: there, waitMs: 0 }), beganAt);
    }
    if (error.name !== 'InvalidArgument') throw error;
    const ends = await offsetsOf(cluster, positions, LATEST, deadline);
    const beyond = positions.filter(({ offset }, i) => offset > ends[i]);
    if (beyond.length === 0) throw error;
    const begin = await beginnings(cluster, beyond, options, deadline);
    const others = positions.filter((one) => !beyond.includes(one));
    const there = [...others, ...begin.map((one) => ({ ...one, until: Number.POSITIVE_INFINITY }))];
    return at(await read({ positions: there, waitMs }), beganAt + waitMs);
  }
}

/** @param waitedUntil when whoever finds no record has waited for long enough */
const at = <Answer>(handedOut: HandedOut<Answer>, waitedUntil: number): HandedOutAt<Answer> => ({
  handedOut,
  readAt: handedOut.isEmpty ? Math.min(waitedUntil, Date.now()) : Date.now(),
});
