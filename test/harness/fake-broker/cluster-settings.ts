import type { ClusterSettings } from '../../../lib/kafka/cluster/cluster.ts';

/** Settings of a cluster without TLS and credentials. */
export const clusterSettings = (bootstrapServers: string[], others: Partial<ClusterSettings> = {}): ClusterSettings => ({
  ...{ bootstrapServers, clientId: 'test', ssl: null, credentials: null, maxIdleMs: 180_000, metadataMaxAgeMs: 300_000 },
  ...others,
});
