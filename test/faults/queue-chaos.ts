import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { GatewayProcesses } from '../harness/queues/gateway-processes.ts';
import { noFindings, type QueueFindings, work } from '../harness/queues/workers.ts';

/** What brokers need, so that locks are short. */
export const shortLocks = { 'group.share.min.record.lock.duration.ms': '1000' };

export interface Chaos {
  /** For those who write and look. */
  bootstrapServers: string;
  /** Of the processes; the same servers unless it says otherwise. */
  environment?: Record<string, string>;
  /** Before anything is asked of the queue. */
  prepare?(topic: string, queue: string): Promise<void>;
  /** How many processes are killed at least, each once workers have got on since the one before. Records are written until then. */
  kills: number;
  /** Happens meanwhile; so long, processes are killed and records are written, too. */
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
/** A process is killed when so many more records have been acknowledged since the one before it. */
const KILL_AFTER = 30;
const WRITE_EVERY_MS = 100;
const BATCH = 12;
/** No more is written while workers are so far behind. */
const BACKLOG = 60;
/** When nothing was received for so long that was not before, whatever is missing is taken for lost. */
const STALLED_MS = 60_000;

/** Workers on a queue, behind processes that are killed all the time, until all that was written has been received. */
export async function queueChaos({ bootstrapServers, environment = {}, prepare, kills, inflict }: Chaos): Promise<ChaosFindings> {
  const topic = await createTopic({ partitions: 3, bootstrapServers });
  const queue = `queue-${randomUUID()}`;
  await prepare?.(topic, queue);
  await using processes = new GatewayProcesses(PROCESSES, { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, ...environment });
  const settings = { auto_offset_reset: 'earliest', lock_ms: 3000, max_deliveries: 10 };
  while ((await processes.request('PUT', `/queues/${queue}`, settings))?.status !== 204) await delay(200);
  const findings = noFindings();
  const written = new Set<string>();
  const isStalled = stalledAfter(STALLED_MS, () => findings.received.size);
  const steps = { killing: true, inflicting: true, writing: true };
  const isMissing = () => [...written].some((place) => !findings.received.has(place));
  const job = { queue, topics: [topic], abandon: 0.05, waitMs: 300 };
  const goesOn = () => !isStalled() && (steps.writing || isMissing());
  const working = Array.from({ length: WORKERS }, () => work(processes, job, findings, goesOn));
  const inflicting = (async () => {
    await inflict?.(topic, queue);
    steps.inflicting = false;
  })();
  const killing = (async () => {
    for (let next = KILL_AFTER; !isStalled() && (processes.kills < kills || steps.inflicting); ) {
      await delay(20);
      if (findings.acknowledged.size < next) continue;
      await processes.killOne();
      next = findings.acknowledged.size + KILL_AFTER;
    }
    steps.killing = false;
  })();
  for (let n = 0; !isStalled() && (steps.killing || steps.inflicting); n++) {
    await delay(WRITE_EVERY_MS);
    if (written.size - findings.received.size > BACKLOG) continue;
    const messages = Array.from({ length: BATCH }, (_, i) => ({ value: `${n}-${i}`, partition: i % 3 }));
    try {
      for (const { partition, baseOffset } of await writeTopic(topic, messages, bootstrapServers)) {
        const first = Number(baseOffset);
        for (let i = 0; i < BATCH / 3; i++) written.add(`${topic} ${partition}@${first + i}`);
      }
    } catch {
      // A broker is down: what was not acknowledged to us is nobody's to miss.
    }
  }
  steps.writing = false;
  await Promise.all([killing, inflicting, ...working]);
  return {
    ...findings,
    produced: written.size,
    kills: processes.kills,
    neverReceived: [...written].filter((place) => !findings.received.has(place)),
    acknowledgedTwice: [...findings.acknowledged].filter(([, times]) => times > 1).map(([place]) => place),
  };
}

/** @returns whether a number has been the same for so long */
function stalledAfter(ms: number, count: () => number): () => boolean {
  let [last, since] = [count(), Date.now()];
  return () => {
    if (count() !== last) [last, since] = [count(), Date.now()];
    return Date.now() - since > ms;
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
