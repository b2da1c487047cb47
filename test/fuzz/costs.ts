import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Above what was there before, and above the body: the gateway's own bound, and as much again for what nobody has collected yet. */
const MOST_GROWTH = 200 * 1024 * 1024;

/** What a request has cost. */
export interface Cost {
  /** How long the event loop stood still at a stretch, in milliseconds. On a busy machine, that says something beside others only. */
  stallMs: number;
  /** Bytes by which the heap has grown. */
  growth: number;
}

const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();

/** Does something, and measures it; where it seems to cost too much, once more, without what others have left behind. */
export async function costOf<Result>(task: () => Promise<Result>, bytes: number): Promise<Cost & { result: Result }> {
  const cost = await measured(task);
  if (!isTooMuch(cost, bytes)) return cost;
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return measured(task);
}

async function measured<Result>(task: () => Promise<Result>): Promise<Cost & { result: Result }> {
  const before = getHeapStatistics().used_heap_size;
  delays.reset();
  const result = await task();
  // What the heap was extended to, for as long as nothing has shrunk it.
  const growth = getHeapStatistics().total_heap_size - before;
  await delay(1);
  return { result, growth, stallMs: Math.round(delays.max / 1e6) };
}

/** Whether a request that brings so many bytes has let the heap grow further than any may. */
export const isTooMuch = ({ growth }: Cost, bytes: number): boolean => growth > MOST_GROWTH + 4 * bytes;
