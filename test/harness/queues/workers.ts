import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayProcesses, QueueAnswer } from './gateway-processes.ts';

interface Received {
  records: { topic: string; partition: number; offset: number; receipt: string }[];
  receipt: string | null;
}

/** What workers saw of a queue. */
export interface QueueFindings {
  receives: number;
  /** How often each record was received, and how many of its receipts were acknowledged, by `topic partition@offset`. */
  received: Map<string, number>;
  acknowledged: Map<string, number>;
  abandoned: number;
  /** Requests without a response, because the process was killed. */
  lost: number;
  /** Settlements whose effect is unknown. */
  unsure: number;
  /** Statuses other than 200 and 409, and their counts. */
  failures: Map<string, number>;
}

export const noFindings = (): QueueFindings => ({
  receives: 0,
  received: new Map(),
  acknowledged: new Map(),
  abandoned: 0,
  lost: 0,
  unsure: 0,
  failures: new Map(),
});

export interface Work {
  queue: string;
  topics: string[];
  /** The share of receives with records to abandon. */
  abandon: number;
  waitMs: number;
}

/** Receives and settles until told to stop: whole receives and single records; some are released, some abandoned. */
export async function work(processes: GatewayProcesses, job: Work, findings: QueueFindings, goesOn: () => boolean): Promise<void> {
  const path = `/queues/${job.queue}`;
  while (goesOn()) {
    const answer = await processes.request('POST', `${path}/receive`, { topics: job.topics, max: 10, wait: job.waitMs });
    findings.receives++;
    const held = receivedIn(answer, findings);
    if (held === null) {
      await delay(20);
      continue;
    }
    for (const record of held.records) count(findings.received, placeOf(record));
    if (held.receipt === null) continue;
    const chance = Math.random();
    if (chance < job.abandon) findings.abandoned++;
    else if (chance < 0.2) await settle(processes, `${path}/release`, [held.receipt], findings);
    else if (chance < 0.5) {
      const results = await settle(
        processes,
        `${path}/ack`,
        held.records.map(({ receipt }) => receipt),
        findings,
      );
      for (const [i, done] of results.entries()) if (done) count(findings.acknowledged, placeOf(held.records[i]));
    } else {
      const [done] = await settle(processes, `${path}/ack`, [held.receipt], findings);
      if (done) for (const record of held.records) count(findings.acknowledged, placeOf(record));
    }
  }
}

const placeOf = ({ topic, partition, offset }: Received['records'][number]): string => `${topic} ${partition}@${offset}`;

function receivedIn(answer: QueueAnswer, findings: QueueFindings): Received | null {
  if (answer === null) findings.lost++;
  else if (answer.status !== 200) count(findings.failures, `${answer.status} ${Object(answer.json).message}`);
  else return Object(answer.json);
  return null;
}

/** Settles, and retries while the effect is unknown. @returns for each receipt whether it had effect */
async function settle(processes: GatewayProcesses, path: string, receipts: string[], findings: QueueFindings): Promise<boolean[]> {
  for (let tries = 1; ; tries++) {
    const answer = await processes.request('POST', path, { receipts });
    if (answer?.status === 200) {
      const results: { error_code: number | null }[] = Object(answer.json).results;
      return results.map(({ error_code: code }) => code === null);
    }
    if (answer === null) findings.lost++;
    else if (answer.status !== 409) count(findings.failures, `${answer.status} ${Object(answer.json).message}`);
    if (answer?.status === 409 || tries === 10) {
      if (tries > 1) findings.unsure++;
      return receipts.map(() => false);
    }
    await delay(20 * tries);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
