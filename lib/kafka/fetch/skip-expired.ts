import { cursorAfterEnd } from '../../messages/read.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { EARLIEST, LATEST } from '../protocol/list-offsets.ts';
import { offsetsOf } from './list-offsets.ts';
import type { Gap, Reading } from './reading.ts';

/**
 * Moves readings whose records have expired or were deleted to the present beginnings of their logs: one request to each leader for the
 * beginnings, one for the ends.
 *
 * @param mayBeAnew whether a topic may have been made anew, which puts a reading after the end of its log: it begins anew as well
 * @returns what was skipped
 * @throws {GatewayError} InvalidArgument for such a reading otherwise; else as `askLeaders`
 */
export async function skipExpired(cluster: Cluster, readings: readonly Reading[], mayBeAnew: boolean, deadline: number): Promise<Gap[]> {
  const [beginnings, ends] = await Promise.all([EARLIEST, LATEST].map((time) => offsetsOf(cluster, readings, time, deadline)));
  return readings.flatMap((reading, i) => {
    const { topic, partition, offset } = reading;
    const beginning = beginnings[i];
    const isAfterEnd = offset > ends[i];
    if (isAfterEnd && !mayBeAnew) throw afterTheEnd(reading, ends[i]);
    if (offset >= beginning && !isAfterEnd) return [];
    reading.skipTo(beginning, ends[i]);
    return [{ topic, partition, from: offset, to: beginning }];
  });
}

const afterTheEnd = ({ topic, partition, offset }: Reading, end: number) => cursorAfterEnd(offset, partition, topic, end);
