import { type ClientResponse, send } from '../harness/lambda/api-gateway.ts';
import type { Exchange } from './worker.ts';

/** A request that reads, and its answer. */
export interface Reading {
  askedAt: number;
  ms: number;
  status: number;
  retryAfter: string | undefined;
}

/** Records from an offset on; without an answer `records` is empty. */
export interface Fetched extends Reading {
  partition: number;
  from: number;
  records: { partition: number; offset: number; value: string }[];
  nextOffset: number;
  highWatermark: number;
}

/** The ends of every partition's log; without an answer `bounds` is empty. */
export interface Listed extends Reading {
  bounds: { partition: number; beginning_offset: number; end_offset: number }[];
}

/** Of an empty answer. */
const POLL_MS = 200;
const PAGE = 100;

/**
 * Follows the log of each partition in turn, a page a request; every other time around it reads a page again from the middle of what
 * it has read. Notes every answer in `fetches`.
 */
export function fetchRecords(topic: string, partitions: number, fetches: Fetched[]): Exchange {
  const next = Array.from({ length: partitions }, () => 0);
  return async (fn, n) => {
    const partition = n % partitions;
    const again = Math.floor(n / partitions) % 2 === 1;
    const from = again ? Math.floor(next[partition] / 2) : next[partition];
    const { response, reading } = await timed(() =>
      send(fn, {
        route: 'GET /topics/{topic}/partitions/{partition}/records',
        target: `/topics/${topic}/partitions/${partition}/records?offset=${from}&timeout=${POLL_MS}&limit=${PAGE}`,
        headers: { accept: 'application/vnd.kafka.text.v2+json' },
      }),
    );

    const succeeded = response.status === 200;
    const nextOffset = succeeded ? Number(response.headers['kafka-next-offset']) : from;
    const highWatermark = succeeded ? Number(response.headers['kafka-high-watermark']) : -1;
    fetches.push({ ...reading, partition, from, records: succeeded ? response.json() : [], nextOffset, highWatermark });
    next[partition] = Math.max(next[partition], nextOffset);
    return succeeded;
  };
}

/** Asks for the ends of all partitions and notes every answer in `lists`. */
export function listOffsets(topic: string, lists: Listed[]): Exchange {
  return async (fn) => {
    const { response, reading } = await timed(() => send(fn, { route: 'GET /topics/{topic}/offsets', target: `/topics/${topic}/offsets` }));

    const succeeded = response.status === 200;
    lists.push({ ...reading, bounds: succeeded ? response.json() : [] });
    return succeeded;
  };
}

async function timed(ask: () => Promise<ClientResponse>): Promise<{ response: ClientResponse; reading: Reading }> {
  const askedAt = performance.now();
  const response = await ask();
  const ms = performance.now() - askedAt;
  return { response, reading: { askedAt, ms, status: response.status, retryAfter: response.headers['retry-after'] } };
}
