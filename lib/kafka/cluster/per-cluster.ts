import type { Cluster } from './cluster.ts';

/** A value for each cluster, which is made when it is first asked for, and kept as long as the cluster is. */
export class PerCluster<Value> {
  readonly #values = new WeakMap<Cluster, Value>();
  readonly #make: (cluster: Cluster) => Value;

  constructor(make: (cluster: Cluster) => Value) {
    this.#make = make;
  }

  of(cluster: Cluster): Value {
    const known = this.#values.get(cluster);
    if (known !== undefined) return known;
    const made = this.#make(cluster);
    this.#values.set(cluster, made);
    return made;
  }
}
