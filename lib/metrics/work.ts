import { metricsSettings } from './settings.ts';

/** Into Kafka, or out of Kafka. */
export type Flow = 'in' | 'out';

/** Work done with Kafka. */
export interface Work {
  /** Milliseconds spent waiting for Kafka; waits for several brokers at once count once. */
  readonly kafkaMs: number;
  /** Newly opened connections to brokers. */
  readonly connections: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** Records by `in_<topic>` and `out_<topic>`, for the topics that are counted separately. */
  readonly byTopic: ReadonlyMap<string, number>;
}

let kafkaMs = 0;
let connections = 0;
let recordsIn = 0;
let recordsOut = 0;
let byTopic = new Map<string, number>();
let awaited = 0;
let awaitedSince = 0;

const none: ReadonlyMap<string, number> = new Map();

/** Counts records that Kafka has acknowledged, or that a response contains. */
export function countRecords(flow: Flow, topic: string, count: number): void {
  if (flow === 'in') recordsIn += count;
  else recordsOut += count;
  if (count === 0 || !metricsSettings.topics.has(topic)) return;
  const name = `${flow}_${topic}`;
  byTopic.set(name, (byTopic.get(name) ?? 0) + count);
}

/** Counts a new connection to a broker. */
export function countConnection(): void {
  connections++;
}

/** Call it when a request goes to a broker, and {@link kafkaAnswered} when the response arrives or the request fails. */
export function kafkaAsked(): void {
  if (awaited++ === 0) awaitedSince = performance.now();
}

export function kafkaAnswered(): void {
  if (--awaited === 0) kafkaMs += performance.now() - awaitedSince;
}

/**
 * Call it when a request to the gateway begins. Earlier time does not count as waiting for Kafka: if an answered request left requests to
 * Kafka behind, nobody waited for them, and the process may have been frozen.
 */
export function beginWork(now: number): void {
  if (awaited > 0) awaitedSince = Math.max(awaitedSince, now);
}

/**
 * Returns the work since the last call. The process has one count for all requests: Lambda sends it one request at a time. With concurrent
 * requests, the totals are right, but a request may get the work of another.
 */
export function takeWork(now: number): Work {
  if (awaited > 0) {
    kafkaMs += Math.max(0, now - awaitedSince);
    awaitedSince = now;
  }
  const work = { kafkaMs, connections, recordsIn, recordsOut, byTopic: byTopic.size === 0 ? none : byTopic };
  kafkaMs = connections = recordsIn = recordsOut = 0;
  if (byTopic.size > 0) byTopic = new Map();
  return work;
}
