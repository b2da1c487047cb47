import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopic } from '../harness/kafka/topics.ts';
import { startFunction } from '../harness/lambda/start-function.ts';
import { buildHandler } from './build-handler.ts';
import { MEMORY, startGateway } from './deployed.ts';
import { firstRequest } from './first-request.ts';
import { median } from './statistics.ts';
import { atMost, type Row } from './table.ts';

const STARTS = 21;

/**
 * Time from the start of the process until it asks for its first event: of the produce function, of a handler that only loads
 * kafkajs, and of one that loads nothing, in turns; and what the first request takes after that.
 */
export async function* coldStart(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const folder = await mkdtemp(join(tmpdir(), 'handlers-'));
  const [kafkajs, nothing] = await Promise.all([
    buildHandler(folder, 'kafkajs', "export { Kafka } from 'kafkajs';"),
    buildHandler(folder, 'nothing', ''),
  ]);

  const starts: { ours: number; first: number; theirs: number; bare: number }[] = [];
  for (let start = 0; start < STARTS; start++) {
    const { init, first } = await firstRequest(startGateway('produce'), topic);
    starts.push({ ours: init, first, theirs: await initOf(kafkajs), bare: await initOf(nothing) });
  }
  await rm(folder, { recursive: true });

  const ours = median(starts.map((start) => start.ours));
  const theirs = median(starts.map((start) => start.theirs));
  const ratio = ours / theirs;
  yield { what: 'init of produce; of loading kafkajs', gateway: show(ours), other: show(theirs), ratio, target: atMost(1.3, ratio) };
  yield { what: 'init of a function that loads nothing', gateway: show(median(starts.map(({ bare }) => bare))) };
  yield { what: 'first request after init, 1 record', gateway: show(median(starts.map(({ first }) => first))) };
}

async function initOf(zip: string): Promise<number> {
  const fn = await startFunction(zip, { memory: MEMORY });
  await fn.stop();
  return fn.initMs;
}

const show = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`;
