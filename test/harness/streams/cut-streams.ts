import { openEvents } from './event-stream.ts';

const AT_A_TIME = 30;

export interface CutOptions {
  /** The gateways to use in turn. */
  urls: readonly string[];
  /** An empty topic. */
  topic: string;
  partitions: number;
  reconnects: number;
  /** Writes records to the topic, in order. */
  write: (records: { partition: number; value: string }[]) => Promise<unknown>;
}

/** A record, as its event shows it. */
interface Shown {
  offset: number;
  value: unknown;
}

interface Cuts {
  /** The records read from each partition, in order. */
  found: Shown[][];
  /** The codes of errors that ended streams. */
  errors: number[];
}

/** More records than the cut streams read: each is cut after a random number of records, at most ten. */
export const recordsFor = (reconnects: number): number => reconnects * 6;

/**
 * Writes numbers to the partitions in turn, and reads them by streams that are cut at random. Each stream continues at another gateway with
 * the last id of the one before.
 */
export async function cutStreams(options: CutOptions): Promise<Cuts> {
  const { urls, topic, reconnects } = options;
  const urlAt = (place: number) => `${urls[place % urls.length]}/topics/${topic}/records?max_bytes=2000`;
  const begin = await firstId(urlAt(0));
  const reading = read(urlAt, begin, options.partitions, reconnects);
  // If writing fails, there is nothing to read.
  await Promise.race([reading, write(options).then(() => reading)]);
  return reading;
}

async function read(urlAt: (place: number) => string, begin: string, partitions: number, reconnects: number): Promise<Cuts> {
  const records = recordsFor(reconnects);
  const found = Array.from({ length: partitions }, (): Shown[] => []);
  const errors: number[] = [];
  let lastEventId = begin;
  let count = 0;
  let random = 7;
  for (let opened = 0; opened < reconnects || count < records; opened++) {
    const stream = await openEvents(urlAt(opened), { 'last-event-id': lastEventId });
    random = (random * 48_271) % 2_147_483_647;
    for (let left = opened < reconnects ? random % 11 : records; left > 0 && count < records; ) {
      const next = await stream.next();
      if (next?.event === 'error') errors.push(JSON.parse(next.data).error_code);
      // After an error, a browser reconnects.
      if (next === null) break;
      if (next.event !== 'record') continue;
      const { partition, offset, value } = JSON.parse(next.data);
      found[partition].push({ offset, value });
      count++;
      left--;
    }
    lastEventId = stream.lastEventId || lastEventId;
    stream.cut();
  }
  return { found, errors };
}

async function firstId(url: string): Promise<string> {
  const stream = await openEvents(`${url}&max_duration=1000`);
  await stream.nextOf('goaway');
  return stream.lastEventId;
}

/** Writes all numbers, a few at a time. */
async function write({ partitions, reconnects, write: send }: CutOptions): Promise<void> {
  for (let n = 0; n < recordsFor(reconnects); n += AT_A_TIME) {
    await send(Array.from({ length: AT_A_TIME }, (_, i) => ({ partition: (n + i) % partitions, value: String(n + i) })));
  }
}
