import { Cluster } from '../../../lib/kafka/cluster/cluster.ts';

/**
 * What a process of the gateway beside the one that tests call has of Kafka: they share nothing else.
 *
 * @param kafka `host:port`
 */
export const otherProcess = (kafka: string): Cluster =>
  new Cluster({ bootstrapServers: [kafka], clientId: 'other', ssl: null, credentials: null, maxIdleMs: 60_000, metadataMaxAgeMs: 60_000 });
