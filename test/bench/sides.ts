import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { median } from './statistics.ts';
import type { Task } from './tasks.ts';

/** What a side's process is asked. */
export interface Question {
  task: Task;
  /** How often to do it, one after the other. */
  runs: number;
}

export interface Answer {
  /** CPU time of a run in microseconds; all threads of the process count, so the garbage collector and the compiler do, too. */
  cpu: number;
  /** SHA-256 of the text that the last run resolved to, empty without one. */
  digest: string;
  /** Records in that text. */
  records: number;
}

/** The gateway, or what it is compared with. */
export interface Side {
  ask(task: Task, runs: number): Promise<Answer>;
  stop(): void;
}

/** The young generation as large as V8 lets it become: it would shrink while the other side has its turn, and grow again in one's own. */
const STEADY_HEAP = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

/** Starts a side in a process of its own: what one compiles and leaves on the heap is no matter of the other. */
export function startSide(name: 'gateway' | 'kafkajs', env: Record<string, string> = {}): Side {
  const child = fork(new URL('side.ts', import.meta.url), [name], {
    execArgv: [...STEADY_HEAP, '--disable-warning=TimeoutNegativeWarning'],
    env: {
      ...process.env,
      KAFKA_BOOTSTRAP_SERVERS: sharedKafka(),
      GATEWAY_LOG_LEVEL: 'error',
      GATEWAY_RECEIPT_KEY: 'of the bench',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The process of ${name} has ended`);
  });
  ended.catch(() => undefined);

  return {
    async ask(task, runs) {
      const answered: Promise<Answer[]> = once(child, 'message');
      child.send({ task, runs });
      const [answer] = await Promise.race([answered, ended]);
      return answer;
    },
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}

/** A task of one side, and how often it is done in a round. */
export interface Contender extends Question {
  side: Side;
}

/**
 * How often a task of a fraction of a millisecond runs before V8 has compiled all of its code as well as it can. Until then, up to a fifth
 * of the time is the compiler's: longer tasks get there within their rounds.
 */
export const COMPILED_AFTER = 24_000;

/** Rounds that do not count: in them code is compiled, and memory grows to its usual size. */
const WARM_UP_ROUNDS = 5;
const ROUNDS = 21;
/** How often a contender has its turn, besides the run that its records are counted in. */
export const ALL_ROUNDS = WARM_UP_ROUNDS + ROUNDS;

/** CPU time of a run for each contender and record of it, in microseconds. @see compareCpu */
export async function compareCpuOfRecords(...contenders: Contender[]): Promise<number[]> {
  // One after the other, as contenders may share a side.
  const counts: number[] = [];
  for (const { side, task } of contenders) counts.push((await side.ask(task, 1)).records);
  const cpu = await compareCpu(...contenders);
  return cpu.map((one, i) => one / counts[i]);
}

/**
 * CPU time of a run for each contender, in microseconds, over many short rounds, in each of which everyone has a turn. What counts of a
 * contender is its share of a round, by the median: where the machine is slow for a round, all of them are.
 */
export async function compareCpu(...contenders: Contender[]): Promise<number[]> {
  const rounds: number[][] = [];
  for (let round = 0; round < ALL_ROUNDS; round++) {
    const cpu: number[] = [];
    for (const { side, task, runs } of contenders) cpu.push((await side.ask(task, runs)).cpu);
    if (round >= WARM_UP_ROUNDS) rounds.push(cpu);
  }
  const whole = (cpu: readonly number[]) => cpu.reduce((sum, one) => sum + one, 0);
  const usual = median(rounds.map(whole));
  return contenders.map((_, i) => usual * median(rounds.map((cpu) => cpu[i] / whole(cpu))));
}
