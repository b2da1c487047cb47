import type { TestContext } from 'node:test';
import { deleteGroup } from '../../../../lib/kafka/groups/groups.ts';
import { commitOffsets, fetchOffsets } from '../../../../lib/kafka/groups/offsets.ts';
import { keys, metadataAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster } from '../../../harness/fake-broker/fake-cluster.ts';
import { findCoordinatorAnswer, offsetFetchAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { stopTime, timePasses } from '../../../harness/virtual-time.ts';

type Answer = (call: Call, broker: number) => Buffer | Promise<Buffer>;

export const NOT_COORDINATOR = 16;

/** What the group has committed, unless a test says otherwise. */
export const committed = [{ topic: 'orders', partition: 0, offset: 7, metadata: '' }];

/** Two brokers; the group is with the one that `kafka.coordinator` names. */
export function clusterWith(t: TestContext, answer: Answer = () => offsetFetchAnswer(committed)) {
  stopTime(t);
  const kafka = { coordinator: 1, lookUpError: 0, answer };
  const asked: string[] = [];
  const nameOf: Record<number, string> = { [keys.findCoordinator]: 'look up', [keys.metadata]: 'metadata' };
  const broker = (id: number) => (call: Call) => {
    asked.push(nameOf[call.key] ?? `ask ${id}`);
    if (call.key === keys.metadata) return metadataAnswer({ brokers: brokersOf(2) });
    if (call.key !== keys.findCoordinator) return kafka.answer(call, id);
    const [error, { host, port }] = [kafka.lookUpError, brokersOf(2)[kafka.coordinator - 1]];
    return findCoordinatorAnswer(error === 0 ? { id: kafka.coordinator, host, port } : { error });
  };
  const cluster = new FakeCluster({ 'broker-1:9092': broker(1), 'broker-2:9092': broker(2) });
  const soon = () => Date.now() + 20_000;
  return {
    ...{ kafka, cluster, asked, soon },
    fetch: (deadline = soon()) => timePasses(t, fetchOffsets(cluster, 'g', null, deadline)),
    commit: (deadline = soon()) => timePasses(t, commitOffsets(cluster, 'g', [{ topic: 'orders', partition: 0, offset: 7 }], deadline)),
    remove: (deadline = soon()) => timePasses(t, deleteGroup(cluster, 'g', deadline)),
  };
}
