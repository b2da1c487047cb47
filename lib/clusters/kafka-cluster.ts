import { type KafkaConfig, kafkaConfig } from '../config/kafka.ts';
import { limitsConfig } from '../config/limits.ts';
import type { Cluster, ClusterSettings } from '../kafka/cluster/cluster.ts';
import { CallerClusters, type KafkaCaller } from './caller-clusters.optional.ts';
import { kafkaCredentials } from './gateway-credentials.ts';
import { warmCluster } from './warm-clusters.ts';

let callers: CallerClusters | undefined;

/**
 * The warm cluster, with the credentials that the gateway is configured with; with the caller's own where it passes those on, as soon as
 * Kafka has accepted them. To be asked for before anything else: it may refuse the caller, and the request has its principal after it.
 *
 * @param deadline for Kafka to accept the caller, in Unix milliseconds
 * @throws {GatewayError} Unauthorized; what keeps Kafka from accepting anyone
 */
export async function kafkaCluster(request: KafkaCaller & { deadline: number }, deadline = request.deadline): Promise<Cluster> {
  const kafka = kafkaConfig();
  // A request that cannot be counted must not get as far as Kafka, which hears of callers before their requests are counted.
  limitsConfig();
  if (kafka.passthrough === null) return warmCluster('gateway', () => clusterSettings(kafka));
  callers ??= new CallerClusters(kafka.passthrough, clusterSettings(kafka), kafka.maxClients);
  return callers.clusterOf(request, deadline);
}

/** What a cluster is reached with, by configuration. */
export const clusterSettings = (kafka: KafkaConfig): ClusterSettings => ({
  bootstrapServers: kafka.bootstrapServers,
  clientId: kafka.clientId,
  ssl: kafka.tls ? (kafka.ca === null ? {} : { ca: kafka.ca }) : null,
  credentials: kafkaCredentials(kafka),
  maxIdleMs: kafka.maxIdleMs,
  metadataMaxAgeMs: kafka.metadataMaxAgeMs,
});
