import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Cluster, startCluster } from '../../infra/local/broker.ts';
import { quickFailover } from '../../infra/local/properties.ts';
import { createConsumer, newGroup, type TestConsumer } from '../harness/consumers/consumer-requests.ts';
import { configure } from '../harness/http/gateway.ts';
import { produce } from '../harness/http/requests.ts';
import { groupCoordinator } from '../harness/kafka/group-coordinator.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { until } from '../harness/until.ts';

const PARTITIONS = 3;

/** Three nodes, which miss one of them after a third of the usual time. All groups are with the leader of one partition. */
let cluster: Cluster;

before(async () => {
  cluster = await startCluster(3, { properties: quickFailover });
  configure(cluster.bootstrapServers);
});
after(() => cluster.stop());

/** Polls with ids until it is stopped, sends each again that is to be sent again, and says what it received. */
async function consume(consumer: TestConsumer, received: string[], stopped: () => boolean): Promise<void> {
  for (let poll = 0; !stopped(); ) {
    const { status, text, json } = await consumer.poll({ poll_id: `${poll}`, timeout: 300 });
    if (status === 503) continue;
    assert.equal(status, 200, text);
    received.push(...json.map(({ partition, offset }) => `${partition}/${offset}`));
    poll++;
  }
}

async function killCoordinator(): Promise<void> {
  const broker = await groupCoordinator(cluster);
  await broker.kill();
  await broker.restart();
}

async function restartAll(): Promise<void> {
  for (const broker of cluster.brokers) {
    await groupCoordinator(cluster);
    await broker.restart();
  }
}

const faults: [string, () => Promise<void>][] = [
  ['its coordinator is killed, and another broker takes the group', killCoordinator],
  ...(process.env.GATEWAY_CHAOS_S === undefined
    ? []
    : [['three brokers restart one after the other', restartAll] satisfies [string, () => Promise<void>]]),
];

for (const [what, inflict] of faults) {
  test(`a group receives each record once while ${what}`, async (t) => {
    const topic = await createTopic({ partitions: PARTITIONS, bootstrapServers: cluster.bootstrapServers });
    const group = newGroup();
    const consumers = [await createConsumer(t, group), await createConsumer(t, group)];
    for (const consumer of consumers) await consumer.subscribe([topic]);
    const received: string[] = [];
    let isOver = false;
    const consuming = consumers.map((consumer) => consume(consumer, received, () => isOver));

    let isInflicted = false;
    const inflicting = inflict().finally(() => {
      isInflicted = true;
    });
    const written: string[] = [];
    while (!isInflicted) {
      const offsets = await produce(
        topic,
        'text',
        Array.from({ length: PARTITIONS }, (_, partition) => ({ value: 'v', partition })),
      );
      written.push(...offsets.map(({ partition, offset }) => `${partition}/${offset}`));
    }
    await inflicting;
    await until(() => received.length >= written.length);
    isOver = true;
    await Promise.all(consuming);

    assert.deepEqual(received.sort(), written.sort());
  });
}
