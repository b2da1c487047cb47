import { Cluster, type ClusterSettings } from '../kafka/cluster/cluster.ts';

const clusters = new Map<string, Cluster>();
const pools: { close(): void }[] = [];

/**
 * A cluster as one set of credentials reaches it, made on first use and kept for the life of the process, so that requests share its
 * connections and metadata. It connects when it is first asked for something; connections that died while the process was frozen are
 * replaced inside it. Safe for concurrent requests.
 *
 * @param key names cluster and credentials; never holds a secret itself
 */
export function warmCluster(key: string, settings: () => ClusterSettings): Cluster {
  const warm = clusters.get(key);
  if (warm) return warm;
  const cluster = new Cluster(settings());
  clusters.set(key, cluster);
  return cluster;
}

/** Has clusters that are kept elsewhere closed with all others. */
export function closeAlso(pool: { close(): void }): void {
  pools.push(pool);
}

/** Closes every connection to every cluster. A process that ends needs none of it: the system closes its sockets. */
export function closeClusters(): void {
  for (const cluster of clusters.values()) cluster.close();
  clusters.clear();
  for (const pool of pools) pool.close();
}
