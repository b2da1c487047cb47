import { LONGEST_TIMER_MS } from '../deadline.ts';
import { Cluster, type ClusterSettings } from '../kafka/cluster/cluster.ts';
import { closeAlso } from './warm-clusters.ts';

/** A cluster for the time of one request. */
export interface ClusterLease {
  readonly cluster: Cluster;
  /** Call this once, after the last work of the request has ended. */
  release(): void;
}

interface HeldCluster {
  readonly cluster: Cluster;
  leases: number;
  /** When the last lease ended, in Unix milliseconds. */
  usedAt: number;
}

/**
 * Keeps a cluster with connections of its own for each set of credentials. A cluster is kept while a request holds it. After that it is
 * kept as long as Kafka has accepted its credentials, it has not been idle for too long, and there are not too many. So a cluster that
 * Kafka never accepted does not take the place of another, and a cluster that a request still needs is not closed.
 */
export class LeasedClusters {
  readonly #max: number;
  readonly #maxIdleMs: number;
  /** The least recently leased one comes first. */
  readonly #entries = new Map<string, HeldCluster>();
  #sweep: NodeJS.Timeout | undefined;

  constructor({ max, maxIdleMs }: { max: number; maxIdleMs: number }) {
    this.#max = max;
    this.#maxIdleMs = maxIdleMs;
    closeAlso(this);
  }

  /** The number of clusters that are kept now. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Returns the one cluster of a key, and makes it if there is none.
   *
   * @param key names cluster and credentials; never holds a secret itself
   */
  lease(key: string, settings: () => ClusterSettings): ClusterLease {
    const held = this.#entries.get(key);
    const entry = held && !held.cluster.moved ? held : { cluster: new Cluster(settings()), leases: 0, usedAt: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.leases++;
    return { cluster: entry.cluster, release: () => this.#release(key, entry) };
  }

  /** Stops giving this cluster to requests, as Kafka no longer accepts its credentials. It closes after the requests that hold it. */
  discard(key: string): void {
    this.#entries.delete(key);
  }

  /** Closes all of them; requests in flight fail. */
  close(): void {
    for (const [key, entry] of this.#entries) this.#drop(key, entry);
    clearTimeout(this.#sweep);
  }

  #release(key: string, entry: HeldCluster): void {
    entry.leases--;
    entry.usedAt = Date.now();
    const isKept = this.#entries.get(key) === entry && entry.cluster.accepted;
    if (entry.leases === 0 && !isKept) this.#drop(key, entry);
    this.#trim();
  }

  #trim(): void {
    const idleSince = Date.now() - this.#maxIdleMs;
    for (const [key, entry] of this.#entries) {
      if (entry.leases === 0 && (this.#entries.size > this.#max || entry.usedAt <= idleSince)) this.#drop(key, entry);
    }
    clearTimeout(this.#sweep);
    if (this.#entries.size > 0) this.#sweep = setTimeout(() => this.#trim(), Math.min(this.#maxIdleMs, LONGEST_TIMER_MS)).unref();
  }

  #drop(key: string, entry: HeldCluster): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.cluster.retire();
  }
}
