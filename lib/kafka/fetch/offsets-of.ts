import { askLeadersOf } from '../cluster/ask-leaders.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Led } from '../cluster/successor.ts';
import type { Isolation } from '../protocol/fetch.ts';
import { listOffsetsOf } from '../protocol/list-offsets.ts';

const ANSWER_MS = 2500;

/**
 * The first offset at or after a time (Unix milliseconds, or LATEST or EARLIEST of ListOffsets) in each of these partitions, whose
 * topics must be known to the cluster; -1 where no record is that late. One request to each leader.
 *
 * @param isolation with read_committed the end is where the oldest open transaction begins
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
    connection.send(listOffsetsOf(led, isolation), ANSWER_MS),
  );
  return found.map(({ offset }) => offset);
}
