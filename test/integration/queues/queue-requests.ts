import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer, call, type RequestParts } from '../../harness/http/gateway.ts';
import type { FetchedRecord } from '../../harness/http/requests.ts';

export interface ReceivedRecord extends FetchedRecord {
  deliveries: number;
  receipt: string;
}

export interface ReceiveAnswer {
  records: ReceivedRecord[];
  receipt: string | null;
  locked_until: number | null;
}

export interface SettleAnswer {
  results: { error_code: number | null; message?: string; receipt?: string; locked_until?: number }[];
}

/** A name that no queue has. */
export const newQueue = (): string => `queue-${randomUUID()}`;

const pathOf = (queue: string, what = ''): string => `/queues/${encodeURIComponent(queue)}${what}`;

const withJson = ({ headers, ...parts }: RequestParts, body: object): RequestParts => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
  ...parts,
});

/** Sets up a queue that begins with what is there. */
export async function configureQueue(queue: string, settings: object = {}, parts: RequestParts = {}): Promise<Answer> {
  return call('PUT', pathOf(queue), withJson(parts, { auto_offset_reset: 'earliest', ...settings }));
}

/** A queue with a name that no other has, which begins with what is there. */
export async function createQueue(settings: object = {}): Promise<string> {
  const queue = newQueue();
  const { status, text } = await configureQueue(queue, settings);
  assert.equal(status, 204, text);
  return queue;
}

export const receive = (queue: string, body: object, parts: RequestParts = {}): Promise<Answer<ReceiveAnswer>> =>
  call('POST', pathOf(queue, '/receive'), withJson(parts, body));

export const settle = (
  queue: string,
  verb: 'ack' | 'release' | 'reject' | 'renew',
  receipts: (string | null)[],
  more: object = {},
  parts: RequestParts = {},
): Promise<Answer<SettleAnswer>> => call('POST', pathOf(queue, `/${verb}`), withJson(parts, { receipts, ...more }));

/** Long enough for a busy machine to set a queue up: who has records is answered at once. */
export const LONG_MS = 20_000;

/** Receives records, of which there must be some. */
export async function receiveSome(queue: string, body: object): Promise<ReceiveAnswer> {
  const { status, json, text } = await receive(queue, { wait: LONG_MS, ...body });
  assert.equal(status, 200, text);
  assert.ok(json.records.length > 0, text);
  return json;
}

/** Settles what must still be held. */
export async function settleAll(
  queue: string,
  verb: 'ack' | 'release' | 'reject' | 'renew',
  receipts: (string | null)[],
): Promise<SettleAnswer> {
  const { status, json, text } = await settle(queue, verb, receipts);
  assert.equal(status, 200, text);
  assert.ok(
    json.results.every(({ error_code }) => error_code === null),
    text,
  );
  return json;
}

export const describeQueue = (queue: string, parts: RequestParts = {}): Promise<Answer> => call('GET', pathOf(queue), parts);
