import { Cluster } from '../../../lib/kafka/cluster/cluster.ts';

/**
 * The cluster of a second gateway process, besides the one that tests call: they share nothing but Kafka.
 *
 * @param kafka `host:port`
 */
export const otherProcess = (kafka: string): Cluster =>
  new Cluster({ bootstrapServers: [kafka], clientId: 'other', ssl: null, credentials: null, maxIdleMs: 60_000, metadataMaxAgeMs: 60_000 });
