import { type ZipName, zipOf } from '../harness/lambda/deployed-function.ts';
import { startFunction } from '../harness/lambda/start-function.ts';
import { until } from '../harness/until.ts';
import { type Fetched, fetchRecords, type Listed, listOffsets } from './read-records.ts';
import { type Exchange, Worker } from './worker.ts';
import { type Shape, type Write, writeRecords } from './write-records.ts';

const WRITERS = 4;

/** All that a load asked and was told. */
export interface Observations {
  writes: Write[];
  fetches: Fetched[];
  lists: Listed[];
}

/** Packaged functions under steady load: four processes that write, one that fetches and one that lists offsets. */
export interface Load {
  processes: number;
  observations: Observations;
  /** Waits until every process has got through so many more requests with success; those that read, a tenth as many. */
  through(requests: number): Promise<void>;
  /** As {@link Load.through}, for the processes that write; those that read may be stuck. */
  written(requests: number): Promise<void>;
  /** Freezes all processes between two requests. */
  freeze(): Promise<void>;
  /** Lets all go on, `after` milliseconds later by their wall clocks. */
  thaw(after: number): Promise<void>;
  /** Waits for the last answers; no request is sent any more. */
  finish(): Promise<void>;
  /** Kills all processes. */
  stop(): Promise<void>;
}

/** Starts one. `env` are variables of the functions. */
export async function startLoad(topic: string, shape: Shape, env: Record<string, string>): Promise<Load> {
  const observations: Observations = { writes: [], fetches: [], lists: [] };
  const { writes, fetches, lists } = observations;
  const roles: [ZipName, Exchange][] = [
    ...Array.from({ length: WRITERS }, (_, worker): [ZipName, Exchange] => ['produce', writeRecords(topic, shape, worker, writes)]),
    ['fetch-from-offset', fetchRecords(topic, shape.partitions, fetches)],
    ['list-offsets', listOffsets(topic, lists)],
  ];
  const workers = await startAll(roles, env);
  const through = async (some: Worker[], requests: (worker: number) => number) => {
    const goals = some.map(({ succeeded }, i) => succeeded + requests(i));
    try {
      await until(() => some.every(({ succeeded }, i) => succeeded >= goals[i]));
    } catch (cause) {
      throw new Error(`The load is stuck. The last writes were answered with ${JSON.stringify(writes.slice(-WRITERS))}`, { cause });
    }
  };
  const all = async (work: (worker: Worker) => Promise<void>) => {
    await Promise.all(workers.map(work));
  };
  return {
    processes: workers.length,
    observations,
    through: (requests) => through(workers, (worker) => (worker < WRITERS ? requests : Math.ceil(requests / 10))),
    written: (requests) => through(workers.slice(0, WRITERS), () => requests),
    freeze: () => all((worker) => worker.freeze()),
    thaw: (after) => all((worker) => worker.thaw(after)),
    finish: () => all((worker) => worker.finish()),
    stop: () => all((worker) => worker.stop()),
  };
}

/** One after the other: processes that all start at once on a small machine take longer than Lambda lets them. */
async function startAll(roles: [ZipName, Exchange][], env: Record<string, string>): Promise<Worker[]> {
  const workers: Worker[] = [];
  try {
    for (const [name, exchange] of roles) {
      const fn = await startFunction(zipOf(name), { env: { GATEWAY_LOG_LEVEL: 'error', ...env }, instruments: ['clock'] });
      workers.push(new Worker(fn, exchange));
    }
    return workers;
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.stop()));
    throw error;
  }
}
