import type { Cluster } from '../cluster/cluster.ts';
import { EARLIEST, LATEST } from '../protocol/list-offsets.ts';
import { offsetsOf } from './list-offsets.ts';
import type { Gap, Reading } from './reading.ts';

/**
 * How long a log must end before a position until that is believed. A broker that lags behind the cluster takes itself for the leader of some
 * changes ago, and answers from a shorter log. The leader epoch in our requests tells, unless our metadata is as old as the broker's.
 */
export const DOUBTED_MS = 2000;

/** A reading at an offset that its leader's log does not reach, or of a topic that was made anew since. */
export interface AfterEnd {
  readonly reading: Reading;
  readonly beginning: number;
  readonly end: number;
}

/**
 * Moves readings whose records have expired or were deleted to the present beginnings of their logs: one request to each leader for the
 * beginnings, one for the ends.
 *
 * @param earlier those of them whose topics were made anew, as far as the metadata tell
 * @returns what was skipped, and the readings that are after the end of their logs, or in earlier topics
 * @throws {GatewayError} as `askLeaders`
 */
export async function skipExpired(
  cluster: Cluster,
  readings: readonly Reading[],
  earlier: readonly Reading[],
  deadline: number,
): Promise<{ gaps: Gap[]; afterEnd: AfterEnd[] }> {
  const [beginnings, ends] = await Promise.all([EARLIEST, LATEST].map((time) => offsetsOf(cluster, readings, time, deadline)));
  const gaps: Gap[] = [];
  const afterEnd: AfterEnd[] = [];
  for (const [i, reading] of readings.entries()) {
    const [beginning, end] = [beginnings[i], ends[i]];
    if (reading.offset > end || earlier.includes(reading)) afterEnd.push({ reading, beginning, end });
    else if (reading.offset < beginning) gaps.push(reading.skipTo(beginning, end));
  }
  return { gaps, afterEnd };
}
