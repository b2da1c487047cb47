import { POLL_MS, sleep } from '../../deadline.ts';
import { connectionError, isFinal } from '../failures.ts';
import type { Cluster } from './cluster.ts';

/** One try at one leader. Once it is over it may neither send nor settle anything. */
export interface Attempt {
  over: boolean;
}

/** A partition whose leader is asked. */
export interface Led {
  topic: string;
  partition: number;
}

/**
 * Watches metadata while a leader under suspicion is asked. Resolves once another one is named for one of the partitions, or when the
 * attempt is over.
 *
 * @throws {GatewayError} when metadata cannot be had for a reason that no waiting mends
 */
export async function successorOf(cluster: Cluster, leader: number, partitions: readonly Led[], attempt: Attempt): Promise<void> {
  while (!attempt.over) {
    await sleep(POLL_MS);
    if (attempt.over || (await isDeposed(cluster, leader, partitions))) return;
  }
}

/** Asks metadata whether another leader is named for one of the partitions by now. While nobody answers, none is. */
export async function isDeposed(cluster: Cluster, leader: number, partitions: readonly Led[]): Promise<boolean> {
  try {
    await cluster.refresh([...new Set(partitions.map(({ topic }) => topic))]);
  } catch (error) {
    const failure = connectionError(error);
    if (isFinal(failure)) throw failure;
  }
  return partitions.some(({ topic, partition }) => cluster.known(topic)?.leaders.get(partition) !== leader);
}
