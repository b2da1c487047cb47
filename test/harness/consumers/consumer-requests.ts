import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Arrival } from '../../../lib/kafka/groups/membership/term.ts';
import { type Answer, call, type RequestParts } from '../http/gateway.ts';
import { type FetchedRecord, mediaTypes } from '../http/requests.ts';

/** A new group name. */
export const newGroup = (): string => `group-${randomUUID()}`;

export interface CommittedOffsets {
  offsets: { topic: string; partition: number; offset: number; metadata: string }[];
}

/** The arrival of a request that comes to the gateway directly. */
export const arrivedNow = (): Arrival => ({ arrivedAt: null, since: Date.now() });

type Query = Record<string, string | number>;

/** A consumer instance, from its client's view. */
export class TestConsumer {
  readonly group: string;
  readonly name: string;
  readonly #parts: RequestParts;

  constructor(group: string, name: string, parts: RequestParts = {}) {
    this.group = group;
    this.name = name;
    this.#parts = parts;
  }

  request<Body = unknown>(method: string, path: string, body?: unknown, parts: RequestParts = {}): Promise<Answer<Body>> {
    const headers = { ...this.#parts.headers, ...(body !== undefined && { 'content-type': mediaTypes.generic }), ...parts.headers };
    return call(method, `/consumers/${encodeURIComponent(this.group)}/instances/${encodeURIComponent(this.name)}${path}`, {
      ...this.#parts,
      ...parts,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  subscribe = (topics: readonly string[]): Promise<Answer> => this.request('POST', '/subscription', { topics });
  subscription = (): Promise<Answer> => this.request('GET', '/subscription');
  unsubscribe = (): Promise<Answer> => this.request('DELETE', '/subscription');
  assign = (partitions: readonly object[]): Promise<Answer> => this.request('POST', '/assignments', { partitions });
  assignments = (): Promise<Answer<{ partitions: { topic: string; partition: number }[] }>> => this.request('GET', '/assignments');
  commit = (offsets?: readonly object[]): Promise<Answer> => this.request('POST', '/offsets', offsets && { offsets });
  committed = (): Promise<Answer<CommittedOffsets>> => this.request('GET', '/offsets');
  seek = (offsets: readonly object[]): Promise<Answer> => this.request('POST', '/positions', { offsets });
  remove = (): Promise<Answer> => this.request('DELETE', '');
  poll = (query: Query = {}, parts: RequestParts = {}): Promise<Answer<FetchedRecord[]>> =>
    this.request('GET', '/records', undefined, { ...parts, query: { timeout: 0, ...query } });

  /** Polls until records come, for as long as a busy machine may take. */
  async records(query: Query = {}): Promise<FetchedRecord[]> {
    const answer = await this.poll({ timeout: 20_000, ...query });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }

  /** The values of the records of a poll, once records come. */
  async values(query: Query = {}): Promise<unknown[]> {
    return (await this.records(query)).map(({ value }) => value);
  }
}

/** Creates a consumer instance, by default with `earliest` and the text format. */
export async function createConsumer(
  t: TestContext,
  group: string,
  options: Record<string, unknown> = {},
  parts: RequestParts = {},
): Promise<TestConsumer> {
  const name = typeof options.name === 'string' ? options.name : `c-${randomUUID()}`;
  const body = JSON.stringify({ format: 'text', 'auto.offset.reset': 'earliest', ...options, name });
  const headers = { ...parts.headers, 'content-type': mediaTypes.generic };
  const answer = await call('POST', `/consumers/${encodeURIComponent(group)}`, { ...parts, headers, body });
  assert.equal(answer.status, 200, answer.text);
  const consumer = new TestConsumer(group, name, parts);
  t.after(() => consumer.remove());
  return consumer;
}

/** The partitions that a consumer of one topic has. */
export const partitionsOf = async (consumer: TestConsumer): Promise<number[]> =>
  (await consumer.assignments()).json.partitions.map(({ partition }) => partition);
