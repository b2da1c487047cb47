import assert from 'node:assert/strict';
import type { Broker, Cluster } from '../../../infra/local/broker.ts';
import { call } from '../http/gateway.ts';
import { until } from '../until.ts';

interface Partition {
  leader: number;
  replicas: { in_sync: boolean }[];
}

/** Returns the broker that coordinates all groups of a cluster of three, once all nodes agree. Asks the gateway for it. */
export async function groupCoordinator({ brokers }: Cluster): Promise<Broker> {
  let leader = -1;
  await until(async () => {
    const { status, json } = await call<Partition[]>('GET', '/topics/__consumer_offsets/partitions');
    if (status !== 200) return false;
    assert.equal(json.length, 1);
    leader = json[0].leader;
    return json[0].replicas.length === 3 && json[0].replicas.every(({ in_sync }) => in_sync);
  });
  return brokers[leader - 1];
}
