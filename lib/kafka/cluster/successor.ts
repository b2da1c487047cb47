import { POLL_MS, sleep } from '../../deadline.ts';
import { connectionError, isFinal } from '../failures.ts';
import type { Cluster } from './cluster.ts';

/** One try at one leader. Once it is over, it may neither send nor settle anything. */
export interface Attempt {
  over: boolean;
}

/** A partition whose leader is asked. */
export interface Led {
  topic: string;
  partition: number;
}

/**
 * Watches metadata while a suspect leader is asked. Resolves once metadata names another leader for one of the partitions, or when the
 * attempt is over.
 *
 * @throws {GatewayError} when metadata fails for a reason that no waiting mends
 */
export async function successorOf(cluster: Cluster, leader: number, partitions: readonly Led[], attempt: Attempt): Promise<void> {
  while (!attempt.over) {
    await sleep(POLL_MS);
    if (attempt.over || (await isDeposed(cluster, leader, partitions))) return;
  }
}

/** Asks metadata whether one of the partitions has another leader by now. False while no broker answers. */
export async function isDeposed(cluster: Cluster, leader: number, partitions: readonly Led[]): Promise<boolean> {
  try {
    await cluster.refresh([...new Set(partitions.map(({ topic }) => topic))]);
  } catch (error) {
    const failure = connectionError(error);
    if (isFinal(failure)) throw failure;
  }
  return partitions.some(({ topic, partition }) => cluster.known(topic)?.leaders.get(partition) !== leader);
}
