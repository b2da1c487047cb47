import { kafkaCluster } from '../clusters/kafka-cluster.ts';
import { freshConfiguration } from '../config/fresh-configuration.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { checkCaller } from './known-caller.ts';
import type { Subject } from './subject.ts';

/**
 * The first two checks, for operations without a route: the caller is known, and Kafka accepts a caller who brings its own credentials.
 *
 * @throws {GatewayError} Unauthorized; why Kafka accepts nobody
 */
export async function clusterFor(subject: Subject): Promise<Cluster> {
  await freshConfiguration();
  checkCaller(subject.caller);
  return kafkaCluster(subject);
}
