import { askLeaders, askLeadersOf } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Led } from '../cluster/successor.ts';
import type { Isolation } from '../protocol/fetch.ts';
import { EARLIEST, LATEST, listOffsets, listOffsetsOf } from '../protocol/list-offsets.ts';
import type { Time } from '../record.ts';

export { EARLIEST, LATEST };

const ANSWER_MS = 2500;

/** The ends of a partition's log: its first offset, and the one to be written next (its high watermark). */
export interface OffsetBounds {
  partition: number;
  beginning: number;
  end: number;
}

/** The first record at or after a time; offset and timestamp are -1 if no record is that late. */
export interface OffsetAtTime {
  partition: number;
  offset: number;
  timestamp: Time;
}

/**
 * The ends of each partition's log.
 *
 * @param partitions null for all partitions of the topic
 * @throws {GatewayError} as {@link askLeaders}
 */
export async function offsetBounds(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[] | null,
  deadline: number,
): Promise<OffsetBounds[]> {
  return askLeaders(cluster, topic, partitions, deadline, async (connection, group) => {
    const [earliest, latest] = await Promise.all(
      [EARLIEST, LATEST].map((time) => connection.send(listOffsets(topic, group, time, 'read_uncommitted', cluster), ANSWER_MS)),
    );
    const ends = new Map(latest.map((answer) => [answer.partition, answer]));
    return earliest.map(({ partition, error, offset }) => {
      const end = ends.get(partition);
      return { partition, error: error || (end?.error ?? -1), beginning: offset, end: end?.offset ?? -1 };
    });
  });
}

/**
 * The first offset at or after `timestamp` (Unix milliseconds; -1 for the end, -2 for the beginning) in each partition. With
 * read_committed, the end is the last stable offset.
 *
 * @param partitions null for all partitions of the topic
 * @throws {GatewayError} as {@link askLeaders}
 */
export async function offsetsAtTime(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[] | null,
  timestamp: Time,
  deadline: number,
  isolation: Isolation = 'read_uncommitted',
): Promise<OffsetAtTime[]> {
  return askLeaders(cluster, topic, partitions, deadline, (connection, group) =>
    connection.send(listOffsets(topic, group, timestamp, isolation, cluster), ANSWER_MS),
  );
}

/**
 * The first offset at or after a time (Unix milliseconds, or LATEST or EARLIEST of ListOffsets) in each of these partitions, whose
 * topics must be known to the cluster; -1 if no record is that late. One request to each leader.
 *
 * @param isolation with read_committed, the end is the last stable offset
 * @throws {GatewayError} as {@link askLeadersOf}
 */
export async function offsetsOf(
  cluster: Cluster,
  partitions: readonly Led[],
  timestamp: number,
  deadline: number,
  isolation: Isolation = 'read_uncommitted',
): Promise<number[]> {
  const asked = partitions.map(({ topic, partition }) => ({ topic, partition, timestamp }));
  const found = await askLeadersOf(cluster, asked, deadline, (connection, led) =>
    connection.send(listOffsetsOf(led, isolation, cluster), ANSWER_MS),
  );
  return found.map(({ offset }) => offset);
}
