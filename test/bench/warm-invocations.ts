import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, type HttpRequest, send } from '../harness/lambda/api-gateway.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';
import { buildHandler } from './build-handler.ts';
import { MEMORY, startGateway } from './deployed.ts';
import { produceRequest } from './requests.ts';
import { quantile } from './statistics.ts';
import type { Row } from './table.ts';

const WARM_UP = 500;

/** CPU time above an empty function's, in milliseconds. */
const GOALS = { 1: 0.22, 100: 0.35 };

/**
 * One request after the other to the produce function, as its caller and its process see them; and to a function that does nothing, given
 * the same requests: what it takes is the runtime client's, and not the gateway's.
 */
export async function* warmInvocations(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const folder = await mkdtemp(join(tmpdir(), 'handlers-'));
  const ours = await startGateway('produce');
  const empty = await startFunction(await buildHandler(folder, 'empty', ''), { memory: MEMORY });
  try {
    for (const [count, invocations] of [
      [1, 1500],
      [100, 750],
    ] as const) {
      const request = produceRequest(topic, 'json', count);
      const floor = await measure(empty, request, invocations);
      const produce = await measure(ours, request, invocations);
      const records = count === 1 ? '1 record' : `${count} records`;
      yield { what: `warm, an empty function given ${records}`, gateway: show(floor) };
      yield { what: `warm, ${records}, json`, gateway: show(produce) };
      const above = produce.cpu - floor.cpu;
      const target = { limit: `≤ ${GOALS[count]} ms`, met: above <= GOALS[count] };
      yield { what: 'CPU above the empty function', gateway: `${above.toFixed(2)} ms`, target };
    }
  } finally {
    await ours.stop();
    await empty.stop();
    await rm(folder, { recursive: true });
  }
}

interface Measured {
  p50: number;
  p99: number;
  /** Of the process, a request. */
  cpu: number;
}

const show = ({ p50, p99, cpu }: Measured): string => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, CPU ${cpu.toFixed(2)} ms`;

async function measure(fn: LambdaFunction, request: HttpRequest, invocations: number): Promise<Measured> {
  for (let i = 0; i < WARM_UP; i++) assertOk(await send(fn, request));

  const latencies: number[] = [];
  const cpuBefore = await cpuOf(fn.pid);
  for (let i = 0; i < invocations; i++) {
    const started = performance.now();
    assertOk(await send(fn, request));
    latencies.push(performance.now() - started);
  }
  const cpu = ((await cpuOf(fn.pid)) - cpuBefore) / invocations;
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), cpu };
}

/** CPU time of a process on this machine so far, in milliseconds (Linux only). */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The fields after the name, which may hold anything: user and system time are the 12th and 13th, in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
