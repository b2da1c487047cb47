import type { Fault } from '../fault.ts';
import type { FaultCluster } from '../fault-cluster.ts';

const MINUTE = 60_000;

const proxied = ({ proxiedServers }: FaultCluster) => ({ KAFKA_BOOTSTRAP_SERVERS: proxiedServers });

/** What becomes of the connections of a frozen function. */
type Loss = (cluster: FaultCluster) => Promise<void>;

const closedByBrokers: Loss = async ({ proxies }) => {
  await Promise.all(proxies.map((proxy) => proxy.endedBy('server')));
};

/** As a NAT gateway drops them: neither side is told. */
const halfOpen: Loss = async ({ proxies }) => {
  for (const proxy of proxies) proxy.loseOpen();
};

function functionFrozen(name: string, after: number, lose: Loss): Fault {
  return {
    name: `function frozen ${after / MINUTE} min, ${name}`,
    mayFail: false,
    stallMs: 3000,
    stage: (cluster) => ({
      env: proxied(cluster),
      async inflict(load) {
        await load.freeze();
        await lose(cluster);
        await load.thaw(after);
      },
    }),
  };
}

/** A minute is less than connections may be idle for a function to use them again, so that it has to find out by itself. */
export const functionFaults = [
  functionFrozen('connections closed by the brokers', 15 * MINUTE, closedByBrokers),
  functionFrozen('connections half-open', 15 * MINUTE, halfOpen),
  functionFrozen('connections closed by the brokers', MINUTE, closedByBrokers),
  functionFrozen('connections half-open', MINUTE, halfOpen),
];
