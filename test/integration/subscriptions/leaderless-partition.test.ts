import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Cluster, startCluster } from '../../../infra/local/broker.ts';
import { quickFailover } from '../../../infra/local/properties.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { createTopics } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { deliverFor, get, subscribe } from '../../harness/push/push-requests.ts';
import { until } from '../../harness/until.ts';

const LARGE = 1_500_000;

let cluster: Cluster;
let push: PushWorld;

before(async () => {
  cluster = await startCluster(3, { properties: quickFailover });
  push = await startPush();
  configure(cluster.bootstrapServers, push.environment);
});
after(async () => {
  await push?.stop();
  await cluster?.stop();
});

test('a record that waits by its place, in a partition without a leader, does not keep back other partitions', async () => {
  const topic = `topic-${randomUUID()}`;
  const replicaAssignment = [1, 2].map((broker, partition) => ({ partition, replicas: [broker] }));
  const configEntries = [{ name: 'max.message.bytes', value: String(2 * LARGE) }];
  await createTopics([{ topic, replicaAssignment, configEntries }], cluster.bootstrapServers);
  const write = (partition: number, value: Buffer) => writeTopic(topic, [{ partition, value }], cluster.bootstrapServers);
  const lengths = () => push.receiver.receivedOf(topic).map(({ body }) => body.length);
  await write(0, randomBytes(LARGE));
  push.receiver.script = () => 500;
  const name = await subscribe(topic, push.receiver, { format: 'raw', order: 'none', retry: { schedule: [5] } });
  await deliverFor(4000);
  push.receiver.script = () => 204;
  const [broker] = cluster.brokers;
  await broker.kill();
  await write(1, Buffer.from('1'));

  // At first, the brokers believe that the partition has a leader, and a run may fail.
  await until(async () => {
    await deliverFor(15_000);
    return lengths().length > 1;
  });
  const [meanwhile, { parked }] = [lengths(), await get(name)];
  await broker.restart();
  await deliverFor(60_000);

  assert.deepEqual([meanwhile, parked], [[LARGE, 1], 1]);
  // Twice where its delivery could not be noted, while the broker was coming back.
  assert.deepEqual([new Set(lengths().slice(2)), (await get(name)).parked], [new Set([LARGE]), 0]);
});
