import { type Config, config } from './config.ts';
import { type KafkaClient, warmClient } from './kafka/clients.ts';
import type { ClusterSettings } from './kafka/cluster.ts';
import { kafkaCredentials } from './kafka-credentials.ts';

/** The warm client for the cluster and credentials that the gateway is configured with. */
export const kafkaClient = (): KafkaClient => warmClient('gateway', () => clusterSettings(config().kafka));

/** What a cluster is reached with, by configuration. */
export const clusterSettings = (kafka: Config['kafka']): ClusterSettings => ({
  bootstrapServers: kafka.bootstrapServers,
  clientId: kafka.clientId,
  ssl: kafka.tls ? (kafka.ca === null ? {} : { ca: kafka.ca }) : null,
  credentials: kafkaCredentials(kafka),
  maxIdleMs: kafka.maxIdleMs,
  metadataMaxAgeMs: kafka.metadataMaxAgeMs,
});
