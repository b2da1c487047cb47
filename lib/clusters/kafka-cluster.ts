import { type KafkaConfig, kafkaConfig } from '../config/kafka.ts';
import { limitsConfig } from '../config/limits.ts';
import type { Cluster, ClusterSettings } from '../kafka/cluster/cluster.ts';
import { CallerClusters, type KafkaCaller } from './caller-clusters.optional.ts';
import { kafkaCredentials } from './gateway-credentials.ts';
import { replaceCluster, warmCluster } from './warm-clusters.ts';

let callers: CallerClusters | undefined;
let bootstrapServers: string | undefined;

/**
 * Returns the warm cluster with the credentials of the gateway, or, with GATEWAY_AUTH=passthrough, the cluster with those of the caller
 * after Kafka has accepted them. Call it before anything else: it may refuse the caller, and it sets the request's principal.
 *
 * @param deadline for Kafka to accept the caller, in Unix milliseconds
 * @throws {GatewayError} Unauthorized; or the fault that keeps Kafka from accepting anyone
 */
export async function kafkaCluster(request: KafkaCaller & { deadline: number }, deadline = request.deadline): Promise<Cluster> {
  const kafka = kafkaConfig();
  // Kafka authenticates a caller before the request is counted: a request that cannot be counted must not get that far.
  limitsConfig();
  if (kafka.passthrough === null) return gatewayCluster();
  const servers = kafka.bootstrapServers.join();
  if (bootstrapServers !== servers) callers = undefined;
  bootstrapServers = servers;
  callers ??= new CallerClusters(kafka.passthrough, clusterSettings(kafka), kafka.maxClients);
  return callers.clusterOf(request, deadline);
}

/** The warm cluster with the credentials of the gateway: a new one if the bootstrap servers have changed. */
export function gatewayCluster(): Cluster {
  const kafka = kafkaConfig();
  const servers = kafka.bootstrapServers.join();
  if (bootstrapServers !== undefined && bootstrapServers !== servers) replaceCluster('gateway');
  bootstrapServers = servers;
  return warmCluster('gateway', () => clusterSettings(kafka));
}

/** The settings of a cluster, by configuration. */
export const clusterSettings = (kafka: KafkaConfig): ClusterSettings => ({
  bootstrapServers: kafka.bootstrapServers,
  clientId: kafka.clientId,
  ssl: kafka.tls ? (kafka.ca === null ? {} : { ca: kafka.ca }) : null,
  credentials: kafkaCredentials(kafka),
  maxIdleMs: kafka.maxIdleMs,
  metadataMaxAgeMs: kafka.metadataMaxAgeMs,
});
