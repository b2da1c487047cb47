import type { Cluster } from '../cluster/cluster.ts';
import type { HeldRun } from './received.ts';
import { sessionPoolOf } from './session-pool.ts';
import { settleIn } from './settle-in.ts';

/**
 * Releases the records after the first `count`, as an answer has no room for them.
 *
 * @returns what is still held
 */
export async function releaseAfter(cluster: Cluster, runs: readonly HeldRun[], count: number): Promise<HeldRun[]> {
  const kept: HeldRun[] = [];
  let left = count;
  for (const run of runs) {
    const { topicId, partition, session, records } = run;
    const surplus = records.slice(left);
    if (surplus.length < records.length) kept.push({ ...run, records: records.slice(0, left) });
    left = Math.max(0, left - records.length);
    if (surplus.length === 0) continue;
    await settleIn(
      session,
      'release',
      surplus.map(({ first, last }) => ({ topicId, partition, first, last })),
    );
    session.left -= surplus.length;
  }
  await closeSettled(cluster, runs);
  return kept;
}

/** Closes the sessions that no longer hold anything. */
export async function closeSettled(cluster: Cluster, runs: readonly HeldRun[]): Promise<void> {
  const pool = sessionPoolOf(cluster);
  const settled = new Set(runs.map(({ session }) => session).filter(({ left }) => left <= 0));
  await Promise.all([...settled].map((session) => pool.close(session)));
}

/** Frees everything that was received, as no client will be told of it: a session ends with its connection. */
export function abandon(cluster: Cluster, runs: readonly HeldRun[]): void {
  const pool = sessionPoolOf(cluster);
  for (const session of new Set(runs.map((run) => run.session))) pool.drop(session, new Error('its receive has failed'));
}
