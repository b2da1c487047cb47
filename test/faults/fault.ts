import type { FaultCluster } from './fault-cluster.ts';
import type { Load } from './load.ts';
import type { Scale } from './scale.ts';

/** What may go wrong around a gateway, and what its clients may see of it. */
export interface Fault {
  name: string;
  /** Whether requests may fail at all: then within their deadline, as 503 or 504, saying whether the records may be written. */
  mayFail: boolean;
  /** Longest that a request shall take, in milliseconds; null where it depends on the fault. */
  stallMs: number | null;
  /** Prepares the cluster for the fault and says how functions are configured. */
  stage(cluster: FaultCluster, scale: Scale): Promise<Stage> | Stage;
}

/** A fault that is about to happen. */
export interface Stage {
  /** Variables of the functions. */
  env: Record<string, string>;
  /** Lets it happen under load, and undoes it. */
  inflict(load: Load, topic: string): Promise<void>;
  /** Takes down what the fault needed. */
  end?(): Promise<void>;
}
