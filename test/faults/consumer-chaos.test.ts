import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../infra/local/broker.ts';
import { startFakeDynamoDb } from '../harness/aws/fake-dynamodb.ts';
import { createTopic, kafkaClient, withAdmin } from '../harness/kafka/topics.ts';
import { ChaosConsumers } from './chaos-consumers.ts';
import { ConsumerProcesses } from './consumer-processes.ts';
import type { ReceivedRecords } from './received-records.ts';

const PARTITIONS = 6;
const KILL_EACH_MS = 1500;
/** More than a session: what a consumer had that does not come back is with others by then. */
const STANDSTILL_MS = 60_000;
const SHOWN = 20;
/** GATEWAY_CHAOS_S makes it longer: 900 for a quarter of an hour. */
const LENGTH_MS = Number(process.env.GATEWAY_CHAOS_S ?? 7) * 1000;
/** Two stay; the others leave after so long, and come back. */
const LIVES_MS = [null, null, Math.min(LENGTH_MS / 3, 4000), Math.min(LENGTH_MS / 2, 6000)];

/** Where groups are kept and whether that falters, on which version of Kafka, who commits, and whether clients give polls up. */
const runs = [
  { keeper: 'Kafka', autoCommit: false, givesUp: false },
  { keeper: 'Kafka', autoCommit: true, givesUp: false },
  // It has no groups that a gateway could be a member of.
  { keeper: 'DynamoDB', autoCommit: false, givesUp: true, version: '3.9.1' },
  { keeper: 'DynamoDB', autoCommit: true, givesUp: true, falters: true, version: '3.9.1' },
];

for (const { keeper, autoCommit, givesUp, falters = false, ...options } of runs) {
  const how = `${autoCommit ? 'with auto commit' : 'with commits'}${givesUp ? ' and polls that are given up' : ''}, in ${keeper}${falters ? ' that falters' : ''}`;
  test(`with poll_id every record is received, and none again without a reason, ${how}, while processes are killed`, async (t) => {
    await using broker = await startBroker(options);
    const bootstrapServers = broker.bootstrapServers;
    const topic = await createTopic({ partitions: PARTITIONS, bootstrapServers });
    const environment = keeper === 'Kafka' ? {} : await environmentOfTable(t, falters);
    await using processes = new ConsumerProcesses(3, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, GATEWAY_AUTH: 'none', ...environment });
    const chaos = new ChaosConsumers(processes, topic, { autoCommit, givesUp });
    const { received, unexpected } = chaos;

    const consumers = LIVES_MS.map((lifeMs, i) => chaos.consume(`c${i}`, lifeMs));
    await produceWhileKilling(bootstrapServers, topic, processes);
    const written = await placesOf(bootstrapServers, topic);
    await untilReceived(received, written.length);
    chaos.stopped = true;
    await Promise.all(consumers);

    const { uncommitted, afterKills, faults } = received;
    console.log(
      `${written.length} records, ${processes.kills} kills; received again: ${uncommitted} not committed, ${afterKills} after kills`,
    );
    const missing = written.filter((place) => !received.has(place));
    const found = {
      missing: missing.length,
      some: missing.slice(0, SHOWN),
      unexpected: unexpected.slice(0, SHOWN),
      faults: faults.slice(0, SHOWN),
    };
    assert.deepEqual(found, { missing: 0, some: [], unexpected: [], faults: [] });
  });
}

/** Waits as long as there is progress: on a busy machine, consumers are far behind. */
async function untilReceived(received: ReceivedRecords, count: number): Promise<void> {
  for (const last = { size: 0, at: Date.now() }; received.size < count && Date.now() - last.at < STANDSTILL_MS; await delay(100)) {
    if (received.size > last.size) Object.assign(last, { size: received.size, at: Date.now() });
  }
}

async function environmentOfTable(t: TestContext, falters: boolean): Promise<Record<string, string>> {
  const dynamodb = await startFakeDynamoDb();
  if (falters) dynamodb.state = 'faltering';
  t.after(() => dynamodb.stop());
  return { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment };
}

async function produceWhileKilling(bootstrapServers: string, topic: string, processes: ConsumerProcesses): Promise<void> {
  const producer = kafkaClient(bootstrapServers).producer();
  await producer.connect();
  for (const [began, killed] = [Date.now(), { at: Date.now() }]; Date.now() - began < LENGTH_MS; ) {
    const messages = Array.from({ length: 2 * PARTITIONS }, (_, i) => ({ partition: i % PARTITIONS, value: 'x'.repeat(100) }));
    await producer.send({ topic, messages });
    await delay(50);
    if (Date.now() - killed.at < KILL_EACH_MS) continue;
    killed.at = Date.now();
    processes.kill();
  }
  await producer.disconnect();
}

/** What is written, by what Kafka says: a producer that tries again may have written more than it was told to. */
async function placesOf(bootstrapServers: string, topic: string): Promise<string[]> {
  const ends = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicOffsets(topic));
  return ends.flatMap(({ partition, high }) => Array.from({ length: Number(high) }, (_, offset) => `${partition}/${offset}`));
}
