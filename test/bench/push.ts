import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../lib/clock.ts';
import { poster } from '../../lib/push/attempt/post.ts';
import { signerOf } from '../../lib/push/attempt/signature.ts';
import { STANDARD_SCHEDULE } from '../../lib/push/attempt/verdict.ts';
import { Deliverer } from '../../lib/push/delivery/deliverer.ts';
import { newTally } from '../../lib/push/delivery/tally.ts';
import { noNotes } from '../../lib/push/subscription/notes.ts';
import type { Definition } from '../../lib/push/subscription/subscription.ts';
import { MemoryLog } from '../harness/push/memory-log.ts';
import { atMost, type Row } from './table.ts';

const RECORDS = 3000;
const CONCURRENCY = 32;
const SUBSCRIPTIONS = 100;
/** Of each of the subscriptions. */
const RECORDS_OF_MANY = 30;
/** Less than the time that an endpoint has to answer. */
const RUN_MS = 10_000;

/** Delivers records that lie in memory to an endpoint that takes 10 ms: what a delivery costs besides reading it from Kafka. */
export async function* push(): AsyncGenerator<Row> {
  const receiver = spawn(process.execPath, [join(import.meta.dirname, 'slow-receiver.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = await once(receiver.stdout, 'data');
    const origin = `http://127.0.0.1:${String(port).trim()}`;
    await deliver(origin, 300);
    const { cpu, ms } = await deliver(origin, RECORDS);
    yield { what: 'a delivery of 100 bytes, signed', gateway: `${(cpu / RECORDS).toFixed(0)} µs` };
    yield { what: `deliveries a second, ${CONCURRENCY} at a time`, gateway: ((RECORDS / ms) * 1000).toFixed(0) };
    yield await besideOneThatHangs(origin);
  } finally {
    receiver.kill();
  }
}

/** Whether the subscriptions of a process are behind because of one whose endpoint takes connections and never answers. */
async function besideOneThatHangs(origin: string): Promise<Row> {
  const hanging = createServer().listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const { port } = Object(hanging.address());
  try {
    const others = Array<string>(SUBSCRIPTIONS - 1).fill(origin);
    const allUp = await msOfAllButFirst([origin, ...others]);
    const oneDown = await msOfAllButFirst([`http://127.0.0.1:${port}`, ...others]);
    return {
      what: `${others.length} × ${RECORDS_OF_MANY} deliveries while a 100th endpoint hangs; while it is up`,
      gateway: `${oneDown.toFixed(0)} ms`,
      other: `${allUp.toFixed(0)} ms`,
      ratio: oneDown / allUp,
      target: atMost(1, oneDown / allUp, 0.1),
    };
  } finally {
    hanging.close();
  }
}

async function msOfAllButFirst(origins: readonly string[]): Promise<number> {
  const began = performance.now();
  const [first, ...others] = origins.map((origin) => delivererOf(origin, logOf(RECORDS_OF_MANY)).run(Date.now() + RUN_MS, false));
  await Promise.all(others);
  const ms = performance.now() - began;
  await first;
  return ms;
}

function logOf(count: number): MemoryLog {
  const log = new MemoryLog();
  for (let i = 0; i < count; i++) log.add(`key ${i}`, JSON.stringify({ i, text: 'x'.repeat(80) }));
  return log;
}

async function deliver(origin: string, count: number): Promise<{ cpu: number; ms: number }> {
  const deliverer = delivererOf(origin, logOf(count));
  const [cpuBefore, began] = [process.cpuUsage(), performance.now()];
  await deliverer.run(Date.now() + 120_000, false);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpu: user + system, ms: performance.now() - began };
}

function delivererOf(origin: string, log: MemoryLog): Deliverer {
  const signer = signerOf(`whsec_${randomBytes(32).toString('base64')}`);
  const definition: Definition = {
    ...{
      topics: ['orders'],
      topics_pattern: null,
      url: `${origin}/`,
      filter: [],
      format: 'json',
      key_format: 'text',
      value_format: 'json',
    },
    ...{ batch: { max: 1, wait: 0 }, order: 'key', concurrency: CONCURRENCY, delivery: 'at-least-once', auth: { type: 'none' } },
    ...{ signing: { secret: 'a', previous: null }, retry: { statuses: null, schedule: STANDARD_SCHEDULE } },
    ...{ dead_letter_topic: null, from: 'latest' },
  };
  const owner = { principal: null, grants: null };
  const subscription = { name: 'bench', version: 1, definition, owner, state: 'active', reason: null, verified: null } as const;
  return new Deliverer({ ...subscription, replay: null, createdAt: 0, updatedAt: 0 }, log, noNotes(), {
    ...{
      clock: systemClock,
      tally: newTally(),
      now: Date.now,
      heldUntil: () => Number.POSITIVE_INFINITY,
      post: poster({ isPublicAllowed: false, origins: [origin] }),
    },
    secrets: { signers: async () => [signer], authorization: async () => null, tokenClient: async () => null, renew: async () => false },
    authorization: { headers: async () => ({}), refused: async () => false },
    ...{ note: async () => undefined, disable: async () => undefined, endReplay: async () => undefined, mayDeliver: () => true },
  });
}
