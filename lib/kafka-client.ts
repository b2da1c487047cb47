import { type Caller, CallerClients } from './caller-clients.ts';
import { type Config, config } from './config.ts';
import { type KafkaClient, warmClient } from './kafka/clients.ts';
import type { ClusterSettings } from './kafka/cluster.ts';
import { kafkaCredentials } from './kafka-credentials.ts';

let callers: CallerClients | undefined;

/**
 * The warm client for the cluster and credentials that the gateway is configured with; the caller's own where it passes those on. To be
 * asked for before anything else, as it may refuse the caller.
 *
 * @throws {GatewayError} Unauthorized
 */
export function kafkaClient(request: Caller): KafkaClient {
  const { kafka, maxClients } = config();
  if (kafka.passthrough === null) return warmClient('gateway', () => clusterSettings(kafka));
  callers ??= new CallerClients(kafka.passthrough, clusterSettings(kafka), maxClients);
  return callers.clientOf(request);
}

/** What a cluster is reached with, by configuration. */
export const clusterSettings = (kafka: Config['kafka']): ClusterSettings => ({
  bootstrapServers: kafka.bootstrapServers,
  clientId: kafka.clientId,
  ssl: kafka.tls ? (kafka.ca === null ? {} : { ca: kafka.ca }) : null,
  credentials: kafkaCredentials(kafka),
  maxIdleMs: kafka.maxIdleMs,
  metadataMaxAgeMs: kafka.metadataMaxAgeMs,
});
