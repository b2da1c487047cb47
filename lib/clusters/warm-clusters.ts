import { Cluster, type ClusterSettings } from '../kafka/cluster/cluster.ts';

const clusters = new Map<string, Cluster>();
/** Clusters that were replaced: requests in flight may still use them, and brokers close connections that nobody uses. */
const former = new Set<Cluster>();
const pools: { close(): void }[] = [];

/**
 * Returns the cluster for one set of credentials. It is made on first use and kept for the life of the process, so that requests share
 * its connections and metadata. It connects with the first request to Kafka, and replaces connections that died while the process was
 * frozen. Safe for concurrent requests.
 *
 * @param key names cluster and credentials; never holds a secret itself
 */
export function warmCluster(key: string, settings: () => ClusterSettings): Cluster {
  const warm = clusters.get(key);
  if (warm && !warm.moved) return warm;
  const cluster = new Cluster(settings());
  clusters.set(key, cluster);
  return cluster;
}

/** Makes the next request get a new cluster, with other settings. */
export function replaceCluster(key: string): void {
  const cluster = clusters.get(key);
  if (cluster === undefined) return;
  former.add(cluster);
  clusters.delete(key);
}

/** Makes {@link closeClusters} close clusters that are kept elsewhere, too. */
export function closeAlso(pool: { close(): void }): void {
  pools.push(pool);
}

/**
 * Closes every connection to every cluster for good: a poll that its request has left opens no new ones. A process that exits need not call
 * it: the system closes its sockets.
 */
export function closeClusters(): void {
  for (const cluster of [...clusters.values(), ...former]) cluster.retire();
  clusters.clear();
  former.clear();
  for (const pool of pools) pool.close();
}
