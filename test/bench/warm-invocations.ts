import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, type HttpRequest, send } from '../harness/lambda/api-gateway.ts';
import { type LambdaFunction, startFunction } from '../harness/lambda/start-function.ts';
import { buildHandler } from './build-handler.ts';
import { MEMORY, startGateway } from './deployed.ts';
import { produceRequest } from './requests.ts';
import { COMPILED_AFTER } from './sides.ts';
import { median, quantile } from './statistics.ts';
import type { Row } from './table.ts';

const WARM_UP = 500;
/** In each of them both functions have a turn: where the machine is slow for a round, both are. */
const ROUNDS = 15;

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
      [1, 100],
      [100, 50],
    ] as const) {
      const request = produceRequest(topic, 'json', count);
      for (const fn of [empty, ours]) await invoke(fn, request, WARM_UP);
      const { floor, produce, above } = await compare(empty, ours, request, invocations);
      const records = count === 1 ? '1 record' : `${count} records`;
      yield { what: `warm, an empty function given ${records}`, gateway: show(floor) };
      yield { what: `warm, ${records}, json`, gateway: show(produce) };
      const target = { limit: `≤ ${GOALS[count]} ms`, met: above <= GOALS[count] };
      yield { what: 'CPU above the empty function', gateway: `${above.toFixed(2)} ms`, target };
    }
    const request = produceRequest(topic, 'json', 1);
    for (const fn of [empty, ours]) await invoke(fn, request, COMPILED_AFTER);
    const { above } = await compare(empty, ours, request, 100);
    yield { what: `the same of 1 record, after ${COMPILED_AFTER} requests`, gateway: `${above.toFixed(2)} ms` };
  } finally {
    await ours.stop();
    await empty.stop();
    await rm(folder, { recursive: true });
  }
}

/** What a round took, in milliseconds. */
interface Measured {
  latencies: number[];
  /** Of the process, a request. */
  cpu: number;
}

/** Gives both functions their turns. @returns what they took; and the CPU time of ours above the other's, by rounds */
async function compare(empty: LambdaFunction, ours: LambdaFunction, request: HttpRequest, invocations: number) {
  const floors: Measured[] = [];
  const produces: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    floors.push(await measure(empty, request, invocations));
    produces.push(await measure(ours, request, invocations));
  }
  const above = median(produces.map(({ cpu }, round) => cpu - floors[round].cpu));
  return { floor: usual(floors), produce: usual(produces), above };
}

const usual = (rounds: readonly Measured[]): Measured => ({
  latencies: rounds.flatMap(({ latencies }) => latencies),
  cpu: median(rounds.map(({ cpu }) => cpu)),
});

function show({ latencies, cpu }: Measured): string {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(latencies, share).toFixed(1));
  return `p50 ${p50} ms, p99 ${p99} ms, CPU ${cpu.toFixed(2)} ms`;
}

async function measure(fn: LambdaFunction, request: HttpRequest, invocations: number): Promise<Measured> {
  const cpuBefore = await cpuOf(fn.pid);
  const latencies = await invoke(fn, request, invocations);
  return { latencies, cpu: ((await cpuOf(fn.pid)) - cpuBefore) / invocations };
}

/** Invokes a function so many times, one after the other. Returns how long each took. */
async function invoke(fn: LambdaFunction, request: HttpRequest, invocations: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < invocations; i++) {
    const started = performance.now();
    assertOk(await send(fn, request));
    latencies.push(performance.now() - started);
  }
  return latencies;
}

/** CPU time of all threads of a process on this machine so far, in milliseconds (Linux only). */
async function cpuOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')));
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
}
