import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { GatewayProcesses } from '../harness/queues/gateway-processes.ts';
import { noFindings, type QueueFindings, work } from '../harness/queues/workers.ts';

/** What brokers need, so that locks are short. */
export const shortLocks = { 'group.share.min.record.lock.duration.ms': '1000' };

export interface Chaos {
  bootstrapServers: string;
  /** How long records are written, and processes killed. */
  ms: number;
  /** Happens meanwhile. */
  inflict?(topic: string, queue: string): Promise<void>;
}

export interface ChaosFindings extends QueueFindings {
  produced: number;
  kills: number;
  neverReceived: string[];
  acknowledgedTwice: string[];
}

const PROCESSES = 3;
const WORKERS = 6;
const KILL_EVERY_MS = 1500;
const WRITE_EVERY_MS = 100;
const BATCH = 12;
/** For what was abandoned to come again. */
const DRAIN_MS = 60_000;

/** Workers on a queue, behind processes that are killed all the time, until all that was written has been received. */
export async function queueChaos({ bootstrapServers, ms, inflict }: Chaos): Promise<ChaosFindings> {
  const topic = await createTopic({ partitions: 3, bootstrapServers });
  const queue = `queue-${randomUUID()}`;
  await using processes = new GatewayProcesses(PROCESSES, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers });
  const settings = { auto_offset_reset: 'earliest', lock_ms: 3000, max_deliveries: 10 };
  while ((await processes.request('PUT', `/queues/${queue}`, settings))?.status !== 204) await delay(200);
  const findings = noFindings();
  const end = Date.now() + ms;
  const lastEnd = end + DRAIN_MS;
  const written = new Set<string>();
  let isDone = false;
  const isMissing = () => [...written].some((place) => !findings.received.has(place));
  const goesOn = () => Date.now() < lastEnd && (!isDone || isMissing());
  const job = { queue, topics: [topic], abandon: 0.05, waitMs: 300 };
  const working = Array.from({ length: WORKERS }, () => work(processes, job, findings, goesOn));
  const writing = (async () => {
    for (let n = 0; Date.now() < end; n++) {
      const messages = Array.from({ length: BATCH }, (_, i) => ({ value: `${n}-${i}`, partition: i % 3 }));
      try {
        for (const { partition, baseOffset } of await writeTopic(topic, messages, bootstrapServers)) {
          const first = Number(baseOffset);
          for (let i = 0; i < BATCH / 3; i++) written.add(`${topic} ${partition}@${first + i}`);
        }
      } catch {
        // A broker is down: what was not acknowledged to us is nobody's to miss.
      }
      await delay(WRITE_EVERY_MS);
    }
    isDone = true;
  })();
  const killing = (async () => {
    while (Date.now() < end) {
      await delay(KILL_EVERY_MS);
      await processes.killOne();
    }
  })();
  await Promise.all([writing, killing, inflict?.(topic, queue)]);
  await Promise.all(working);
  return {
    ...findings,
    produced: written.size,
    kills: processes.kills,
    neverReceived: [...written].filter((place) => !findings.received.has(place)),
    acknowledgedTwice: [...findings.acknowledged].filter(([, times]) => times > 1).map(([place]) => place),
  };
}

/** A line for people. */
export function chaosLine(findings: ChaosFindings): string {
  const twice = [...findings.received.values()].filter((times) => times > 1).length;
  const parts = [
    `${findings.produced} written, ${findings.kills} kills, ${findings.receives} receives`,
    `${findings.neverReceived.length} never received, ${findings.acknowledgedTwice.length} acknowledged twice, ${twice} received twice`,
    `${findings.lost} answers lost, ${findings.unsure} settlements unsure, ${findings.abandoned} receives abandoned`,
  ];
  const failures = [...findings.failures].map(([failure, times]) => `${times} × ${failure}`);
  return [...parts, ...failures].join('; ');
}
