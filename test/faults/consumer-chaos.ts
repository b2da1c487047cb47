import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createTopic, kafkaClient, withAdmin } from '../harness/kafka/topics.ts';
import { ChaosConsumers } from './chaos-consumers.ts';
import { ConsumerProcesses } from './consumer-processes.ts';
import type { ReceivedRecords } from './received-records.ts';

const PARTITIONS = 6;
const PROCESSES = 3;
const DISTURB_EACH_MS = 1500;
/** More than a session: what a consumer had that does not come back is with others by then. */
const STANDSTILL_MS = 60_000;
const SHOWN = 20;
/** GATEWAY_CHAOS_S makes it longer: 900 for a quarter of an hour. */
const LENGTH_MS = Number(process.env.GATEWAY_CHAOS_S ?? 7) * 1000;
/** Two stay; the others leave after so long, and come back. */
const LIVES_MS = [null, null, Math.min(LENGTH_MS / 3, 4000), Math.min(LENGTH_MS / 2, 6000)];

/** How a group consumes, and what happens meanwhile. */
interface Chaos {
  bootstrapServers: string;
  /** Of the processes of the gateway, besides where Kafka is. */
  environment?: Record<string, string>;
  autoCommit: boolean;
  /** Whether clients give polls up. */
  givesUp: boolean;
  /** What is done again and again. */
  disturb(processes: ConsumerProcesses): void | Promise<void>;
}

/** Lets a group consume what is written, by polls with ids to random processes: all of it, and nothing again without a reason. */
export async function consumeInChaos({ bootstrapServers, environment = {}, disturb, ...how }: Chaos): Promise<void> {
  const topic = await createTopic({ partitions: PARTITIONS, bootstrapServers });
  const own = { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, GATEWAY_AUTH: 'none' };
  await using processes = new ConsumerProcesses(PROCESSES, { ...own, ...environment });
  const chaos = new ChaosConsumers(processes, topic, how);
  const { received, unexpected } = chaos;

  const consumers = LIVES_MS.map((lifeMs, i) => chaos.consume(`c${i}`, lifeMs));
  const run = async () => {
    const disturbed = await produceWhile(bootstrapServers, topic, () => disturb(processes));
    const written = await placesOf(bootstrapServers, topic);
    await untilReceived(received, written.length);
    return { disturbed, written };
  };
  const { disturbed, written } = await run().finally(async () => {
    chaos.stopped = true;
    await Promise.all(consumers);
  });

  const { uncommitted, afterLostAnswers, faults } = received;
  console.log(
    `${written.length} records, disturbed ${disturbed} times; received again: ${uncommitted} not committed, ${afterLostAnswers} after lost answers`,
  );
  const missing = written.filter((place) => !received.has(place));
  const found = {
    missing: missing.length,
    some: missing.slice(0, SHOWN),
    unexpected: unexpected.slice(0, SHOWN),
    faults: faults.slice(0, SHOWN),
  };
  assert.deepEqual(found, { missing: 0, some: [], unexpected: [], faults: [] });
}

/** @returns how often it was disturbed */
async function produceWhile(bootstrapServers: string, topic: string, disturb: () => void | Promise<void>): Promise<number> {
  const producer = kafkaClient(bootstrapServers).producer();
  await producer.connect();
  const began = Date.now();
  let disturbed = 0;
  while (Date.now() - began < LENGTH_MS) {
    const messages = Array.from({ length: 2 * PARTITIONS }, (_, i) => ({ partition: i % PARTITIONS, value: 'x'.repeat(100) }));
    await producer.send({ topic, messages });
    await delay(50);
    if (Date.now() - began < (disturbed + 1) * DISTURB_EACH_MS) continue;
    disturbed++;
    await disturb();
  }
  await producer.disconnect();
  return disturbed;
}

/** Waits as long as there is progress: on a busy machine, consumers are far behind. */
async function untilReceived(received: ReceivedRecords, count: number): Promise<void> {
  for (const last = { size: 0, at: Date.now() }; received.size < count && Date.now() - last.at < STANDSTILL_MS; await delay(100)) {
    if (received.size > last.size) Object.assign(last, { size: received.size, at: Date.now() });
  }
}

/** What is written, by what Kafka says: a producer that tries again may have written more than it was told to. */
async function placesOf(bootstrapServers: string, topic: string): Promise<string[]> {
  const ends = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicOffsets(topic));
  return ends.flatMap(({ partition, high }) => Array.from({ length: Number(high) }, (_, offset) => `${partition}/${offset}`));
}
