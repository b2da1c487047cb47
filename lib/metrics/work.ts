import { metricsSettings } from './settings.ts';

/** Into Kafka, or out of it. */
export type Flow = 'in' | 'out';

/** What was done with Kafka. */
export interface Work {
  /** Milliseconds in which an answer of Kafka's was waited for, of one broker or of several at a time. */
  readonly kafkaMs: number;
  /** Connections to brokers that were opened. */
  readonly connections: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** Records by `in_<topic>` and `out_<topic>`, of the topics that are listed for it. */
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

/** Counts records that Kafka has acknowledged, or that are in an answer. */
export function countRecords(flow: Flow, topic: string, count: number): void {
  if (flow === 'in') recordsIn += count;
  else recordsOut += count;
  if (count === 0 || !metricsSettings.topics.has(topic)) return;
  const name = `${flow}_${topic}`;
  byTopic.set(name, (byTopic.get(name) ?? 0) + count);
}

/** A connection to a broker was opened. */
export function countConnection(): void {
  connections++;
}

/** To be called when a request goes to a broker, and {@link kafkaAnswered} when it has its answer, or none. */
export function kafkaAsked(): void {
  if (awaited++ === 0) awaitedSince = performance.now();
}

export function kafkaAnswered(): void {
  if (--awaited === 0) kafkaMs += performance.now() - awaitedSince;
}

/**
 * A request to the gateway begins. What is still awaited for an earlier one, which has its answer, was awaited by nobody meanwhile: the
 * process may have been frozen.
 */
export function beginWork(now: number): void {
  if (awaited > 0) awaitedSince = Math.max(awaitedSince, now);
}

/**
 * Takes what was done since it was taken last. The process counts once for all its requests: Lambda hands it one at a time, and where
 * several are under way at a time, each sum is right, though one request may be given what another one did.
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
