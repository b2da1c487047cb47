import { Cluster, type ClusterSettings } from './cluster.ts';
import { RecordProducer } from './produce-records.ts';

/** What requests share: warm connections and metadata, and the producer with its sequences. Safe for concurrent requests. */
export interface KafkaClient {
  readonly cluster: Cluster;
  readonly producer: RecordProducer;
}

const clients = new Map<string, KafkaClient>();
const pools: { close(): void }[] = [];

/** A client that has not connected yet. */
export function newClient(settings: ClusterSettings): KafkaClient {
  const cluster = new Cluster(settings);
  return { cluster, producer: new RecordProducer(cluster) };
}

/**
 * The client of one cluster and set of credentials, made on first use and kept for the life of the process. It connects when it is
 * first asked for something; connections that died while the process was frozen are replaced inside it.
 *
 * @param key names cluster and credentials; never holds a secret itself
 */
export function warmClient(key: string, settings: () => ClusterSettings): KafkaClient {
  const warm = clients.get(key);
  if (warm) return warm;
  const client = newClient(settings());
  clients.set(key, client);
  return client;
}

/** Has clients that are kept elsewhere closed with all others. */
export function closeAlso(pool: { close(): void }): void {
  pools.push(pool);
}

/** Closes every connection of every client. A process that ends needs none of it: the system closes its sockets. */
export function closeClients(): void {
  for (const { cluster } of clients.values()) cluster.close();
  clients.clear();
  for (const pool of pools) pool.close();
}
