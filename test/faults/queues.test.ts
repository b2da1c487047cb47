import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Cluster, startCluster } from '../../infra/local/broker.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic, withAdmin } from '../harness/kafka/topics.ts';
import { GatewayProcesses } from '../harness/queues/gateway-processes.ts';
import { until } from '../harness/until.ts';
import { chaosLine, queueChaos, shortLocks } from './queue-chaos.ts';

let cluster: Cluster;
before(async () => {
  cluster = await startCluster(2, { properties: shortLocks });
});
after(() => cluster.stop());

test('a queue loses nothing, and nothing is acknowledged twice, while its processes are killed', async () => {
  const findings = await queueChaos({ bootstrapServers: cluster.bootstrapServers, kills: 8 });

  console.log(chaosLine(findings));
  assert.ok(findings.kills >= 8, chaosLine(findings));
  assert.deepEqual([findings.neverReceived, findings.acknowledgedTwice], [[], []]);
});

test('records whose partition has another leader by now are no longer held, and come again from there', async () => {
  const { bootstrapServers } = cluster;
  const [topic, queue] = [await createTopic({ bootstrapServers }), `queue-${randomUUID()}`];
  await using processes = new GatewayProcesses(1, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers });
  await processes.request('PUT', `/queues/${queue}`, { auto_offset_reset: 'earliest', lock_ms: 60_000 });
  await writeTopic(topic, [{ value: 'v' }], bootstrapServers);
  const receive = async () => {
    const answer = await processes.request('POST', `/queues/${queue}/receive`, { topics: [topic], wait: 10_000 });
    assert.equal(answer?.status, 200, JSON.stringify(answer));
    return Object(answer?.json);
  };
  const held = await receive();

  await moveLeader(topic, bootstrapServers);
  const renew = () => processes.request('POST', `/queues/${queue}/renew`, { receipts: [held.receipt] });
  // Until the broker that led hears of it, it settles with full effect.
  await until(async () => (await renew())?.status !== 200);
  const late = await processes.request('POST', `/queues/${queue}/ack`, { receipts: [held.receipt] });
  const after = await receive();
  const inTime = await processes.request('POST', `/queues/${queue}/ack`, { receipts: [after.receipt] });

  assert.deepEqual([late?.status, late?.json?.error_code], [409, 40907], JSON.stringify(late));
  assert.deepEqual([after.records.length, after.records[0]?.offset, inTime?.status], [1, held.records[0].offset, 200]);
});

/** Has the other of two brokers lead a topic's only partition. */
async function moveLeader(topic: string, bootstrapServers: string): Promise<void> {
  await withAdmin(bootstrapServers, async (admin) => {
    const leader = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions[0].leader;
    const other = 3 - (await leader());
    await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: [{ partition: 0, replicas: [other] }] }] });
    await until(async () => (await leader()) === other);
  });
}
