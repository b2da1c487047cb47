import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';

/** A cluster as Kafka describes it now. */
export interface ClusterDescription {
  id: string;
  /** Ids of the brokers that are up, sorted. */
  brokers: number[];
  /** Id of the broker that accepts changes of topics; null while there is none. */
  controller: number | null;
}

/** @throws {GatewayError} KafkaUnavailable … */
export async function describeCluster(cluster: Cluster, deadline: number): Promise<ClusterDescription> {
  const { brokers, controller } = await again(deadline, () => cluster.metadata([]));
  return {
    id: cluster.id ?? '',
    brokers: brokers.map(({ id }) => id).sort((a, b) => a - b),
    controller: controller >= 0 ? controller : null,
  };
}

/**
 * The id of a cluster, which never changes: Kafka is asked for it once.
 *
 * @throws {GatewayError} KafkaUnavailable …
 */
export async function idOf(cluster: Cluster, deadline: number): Promise<string> {
  return cluster.id ?? (await describeCluster(cluster, deadline)).id;
}
