import { setTimeout as delay } from 'node:timers/promises';
import { type Broker, startCluster } from '../../infra/local/broker.ts';
import { users } from '../../infra/local/properties.ts';
import { addAcls, allow } from '../harness/kafka/acls.ts';
import { withAdmin } from '../harness/kafka/topics.ts';
import { driveReceives } from '../harness/queues/session-leaks.ts';
import { chaosLine, queueChaos, shortLocks } from './queue-chaos.ts';

const SIZE = 3;
const RECEIVES = 5000;
const KILLS = 25;
/** Of processes, on three brokers. */
const CHAOS_KILLS = 40;
const DOWN_MS = 8000;

/** Queues under faults at full length: what happened, in a line each, and what must not have happened. */
export async function queueFaults(): Promise<[what: string, problems: string[]][]> {
  return [await brokersKilled(), await sessionsKept()];
}

/**
 * Workers behind processes that are killed, on three brokers, of which one that leads and those that keep the queue's state are killed.
 * The processes may do what a queue takes, and nothing else.
 */
async function brokersKilled(): Promise<[string, string[]]> {
  await using cluster = await startCluster(SIZE, {
    listeners: ['PLAINTEXT', 'SASL_PLAINTEXT'],
    acls: true,
    properties: {
      ...shortLocks,
      // Whoever writes and looks.
      'super.users': 'User:admin;User:ANONYMOUS',
    },
  });
  const { bootstrapServers, brokers } = cluster;
  const findings = await queueChaos({
    bootstrapServers,
    kills: CHAOS_KILLS,
    environment: {
      KAFKA_BOOTSTRAP_SERVERS: brokers.map((broker) => broker.address('SASL_PLAINTEXT')).join(),
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'alice',
      KAFKA_SASL_PASSWORD: users.alice,
    },
    prepare: (topic, queue) => allowAlice(topic, queue, bootstrapServers),
    async inflict(topic) {
      for (const killed of [topic, '__share_group_state', '__consumer_offsets']) {
        await delay(DOWN_MS);
        const leader = await leaderOf(killed, bootstrapServers, brokers);
        await leader.kill();
        await delay(DOWN_MS);
        await leader.restart();
      }
    },
  });
  const { neverReceived, acknowledgedTwice } = findings;
  return [
    `queues, three brokers, leader and coordinators killed: ${chaosLine(findings)}`,
    [
      ...neverReceived.map((place) => `${place} was never received`),
      ...acknowledgedTwice.map((place) => `${place} was acknowledged twice`),
    ],
  ];
}

async function allowAlice(topic: string, queue: string, bootstrapServers: string): Promise<void> {
  const acl = [allow('TOPIC', topic, 'READ'), allow('GROUP', queue, 'READ'), allow('GROUP', queue, 'ALTER_CONFIGS')];
  await withAdmin(bootstrapServers, (admin) => addAcls(admin, acl));
}

async function leaderOf(topic: string, bootstrapServers: string, brokers: readonly Broker[]): Promise<Broker> {
  const { topics } = await withAdmin(bootstrapServers, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return brokers[topics[0].partitions[0].leader - 1];
}

async function sessionsKept(): Promise<[string, string[]]> {
  const { receives, kills, opened, wanted } = await driveReceives(RECEIVES, KILLS);
  const what = `queues, sessions: ${receives} receives, ${kills} kills, then ${opened} of ${wanted} sessions opened`;
  return [what, opened === wanted ? [] : ['sessions are left at the broker']];
}
