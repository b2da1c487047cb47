import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startBroker } from '../../../infra/local/broker.ts';
import { writeTopic } from '../kafka/records.ts';
import { createTopic } from '../kafka/topics.ts';
import { GatewayProcesses } from './gateway-processes.ts';
import { noFindings, type QueueFindings, work } from './workers.ts';

/** How many share sessions the broker allows, and how many of them must be free at the end. */
const SESSIONS = 150;
const LEFT = 140;
const WORKERS = 6;
const LOCK_MS = 2000;

export interface Leaks extends QueueFindings {
  kills: number;
  /** How many sessions could be opened at once, after all others should have ended. */
  opened: number;
  wanted: number;
}

/**
 * Sends many receives (empty, abandoned and settled) to a broker that allows few share sessions, while processes are killed. Then opens
 * nearly as many sessions as the broker allows.
 */
export async function driveReceives(receives: number, kills: number): Promise<Leaks> {
  await using broker = await startBroker({
    properties: {
      'group.share.max.share.sessions': String(SESSIONS),
      'group.share.max.size': '20',
      'group.share.min.record.lock.duration.ms': '1000',
    },
  });
  const { bootstrapServers } = broker;
  const topic = await createTopic({ partitions: 2, bootstrapServers });
  const queue = `queue-${randomUUID()}`;
  const findings = noFindings();
  const environment = { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers };
  const fill = (count: number) =>
    writeTopic(
      topic,
      Array.from({ length: count }, (_, i) => ({ value: 'x', partition: i % 2 })),
      bootstrapServers,
    );
  let killed = 0;
  {
    await using processes = new GatewayProcesses(3, environment);
    await processes.request('PUT', `/queues/${queue}`, { auto_offset_reset: 'earliest', lock_ms: LOCK_MS, max_deliveries: 10 });
    const goesOn = () => findings.receives < receives;
    const job = { queue, topics: [topic], abandon: 0.05, waitMs: 0 };
    const working = Array.from({ length: WORKERS }, () => work(processes, job, findings, goesOn));
    while (goesOn()) {
      await fill(20);
      if (findings.receives > ((processes.kills + 1) * receives) / (kills + 1)) await processes.killOne();
      await delay(50);
    }
    await Promise.all(working);
    killed = processes.kills;
  }
  await delay(2 * LOCK_MS);
  await fill(2 * SESSIONS);
  const opened = await openSessions(environment, queue, topic);
  return { ...findings, kills: killed, opened, wanted: LEFT };
}

/** Receives record after record, and settles none. Returns how many receives succeeded before the first refusal. */
async function openSessions(environment: Record<string, string>, queue: string, topic: string): Promise<number> {
  await using processes = new GatewayProcesses(1, environment);
  // A process that has prepared the queue needs no session for that again.
  await processes.request('PUT', `/queues/${queue}`, { lock_ms: 60_000 });
  for (let opened = 0; ; opened++) {
    if (opened === LEFT) return opened;
    const answer = await processes.request('POST', `/queues/${queue}/receive`, { topics: [topic], max: 1, wait: 5000 });
    if (answer?.status !== 200 || Object(answer.json).receipt === null) return opened;
  }
}
