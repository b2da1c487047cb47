import { createHash } from 'node:crypto';
import type { Answer, Question } from './sides.ts';
import type { Prepare } from './tasks.ts';

// The process of one side: does what it is asked for, and answers with what that took.

const sides: Record<string, () => Promise<Prepare>> = {
  gateway: async () => (await import('./gateway.ts')).gateway,
  kafkajs: async () => (await import('./kafkajs.ts')).kafkajs,
};
const prepare = await sides[process.argv[2]]();
const prepared = new Map<string, () => Promise<unknown>>();

process.on('message', async ({ task, runs }: Question) => {
  const key = JSON.stringify(task);
  const run = prepared.get(key) ?? prepare(task);
  prepared.set(key, run);
  process.send?.(await measure(run, runs));
});
process.once('disconnect', () => process.exit());

async function measure(run: () => Promise<unknown>, runs: number): Promise<Answer> {
  let result: unknown;
  const start = process.cpuUsage();
  for (let i = 0; i < runs; i++) result = await run();
  const { user, system } = process.cpuUsage(start);
  const text = typeof result === 'string' ? result : '';
  const digest = text === '' ? '' : createHash('sha256').update(text).digest('hex');
  return { cpu: (user + system) / runs, digest, records: text.split('"offset":').length - 1 };
}
