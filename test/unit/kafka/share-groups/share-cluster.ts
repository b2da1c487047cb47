import type { TestContext } from 'node:test';
import type { Cluster } from '../../../../lib/kafka/cluster/cluster.ts';
import { type OpenSession, sessionPoolOf } from '../../../../lib/kafka/share-groups/session-pool.ts';
import { keys } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, topicOn, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { findCoordinatorAnswer } from '../../../harness/fake-broker/group-coordinator-side.ts';
import { stopTime } from '../../../harness/virtual-time.ts';

export const topicId = '000102030405060708090a0b0c0d0e0f';

/** A cluster of one broker, which coordinates all groups and whose metadata are known: the topic `dead`, of one partition; it answers the rest as the test says. */
export async function shareCluster(t: TestContext, answer: (call: Call) => Buffer | Promise<Buffer>) {
  stopTime(t);
  const [broker] = brokersOf(1);
  const others = (call: Call) => (call.key === keys.findCoordinator ? findCoordinatorAnswer(broker) : answer(call));
  const cluster = new FakeCluster({
    'broker-1:9092': withMetadata(() => ({ brokers: [broker], topics: [topicOn('dead', 1)] }), others),
  });
  await cluster.metadata([]);
  return cluster;
}

/** A session with the broker, as the pool keeps it: of the member m, with one record whose lock ends in half a minute, unless given. */
export async function sessionWith(cluster: Cluster, parts: Partial<OpenSession> = {}): Promise<OpenSession> {
  const connection = await sessionPoolOf(cluster).take(1);
  const [until, openedAt, settled] = [Date.now() + 30_000, Date.now(), new Set<string>()];
  const settling = Promise.resolve();
  return { group: 'g', member: 'm', broker: 1, connection, epoch: 1, until, left: 1, settled, settling, openedAt, ...parts };
}
