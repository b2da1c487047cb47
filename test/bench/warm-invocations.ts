import { readFile } from 'node:fs/promises';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import type { LambdaFunction } from '../harness/lambda/start-function.ts';
import { startGateway } from './deployed.ts';
import { produceRequest } from './requests.ts';
import { quantile } from './statistics.ts';
import type { Row } from './table.ts';

const WARM_UP = 500;

/** One request after the other to the produce function, as its caller and its process see them. */
export async function* warmInvocations(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const fn = await startGateway('produce');
  try {
    yield await measure(fn, topic, 1, 1500);
    yield await measure(fn, topic, 100, 750);
  } finally {
    await fn.stop();
  }
}

async function measure(fn: LambdaFunction, topic: string, count: number, invocations: number): Promise<Row> {
  const request = produceRequest(topic, 'json', count);
  for (let i = 0; i < WARM_UP; i++) assertOk(await send(fn, request));

  const latencies: number[] = [];
  const cpuBefore = await cpuOf(fn.pid);
  for (let i = 0; i < invocations; i++) {
    const started = performance.now();
    assertOk(await send(fn, request));
    latencies.push(performance.now() - started);
  }
  const cpu = ((await cpuOf(fn.pid)) - cpuBefore) / invocations;
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(latencies, share).toFixed(1));
  return {
    what: `warm, ${count === 1 ? '1 record' : `${count} records`}, json`,
    gateway: `p50 ${p50} ms, p99 ${p99} ms, CPU ${cpu.toFixed(2)} ms`,
  };
}

/** CPU time of a process on this machine so far, in milliseconds (Linux only). */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The fields after the name, which may hold anything: user and system time are the 12th and 13th, in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
