import assert from 'node:assert/strict';
import { newGroup, TestConsumer } from '../../../harness/consumers/consumer-requests.ts';
import { type Answer, call } from '../../../harness/http/gateway.ts';
import type { FetchedRecord } from '../../../harness/http/requests.ts';

/** What a test of another bridge does, and what that bridge answers. */
export interface PeerCase {
  name: string;
  /** The statuses of the bridge's answers, one for each request. */
  peer: readonly number[];
  /** Those of the gateway, where they are not the same. */
  gateway?: readonly number[];
  /** True where the content of an answer is another one though its status is the same. */
  hasOtherContent?: boolean;
  run(client: PeerClient): Promise<void>;
}

/** How the gateway compares in a case: a refusal may have another status, or something is taken by one and refused by the other. */
export type Comparison = 'same' | 'refused with another status' | 'otherwise';

export function compare({ peer, gateway = peer, hasOtherContent = false }: PeerCase): Comparison {
  if (hasOtherContent) return 'otherwise';
  const differing = peer.flatMap((status, i) => (status === gateway[i] ? [] : [[status, gateway[i]]]));
  if (differing.length === 0) return 'same';
  return differing.flat().every((status) => status >= 400) ? 'refused with another status' : 'otherwise';
}

/** How many cases there are of each kind. */
export function count(cases: readonly PeerCase[]): Record<Comparison | 'all', number> {
  const of = (kind: Comparison) => cases.filter((one) => compare(one) === kind).length;
  return {
    ...{ all: cases.length, same: of('same'), otherwise: of('otherwise') },
    'refused with another status': of('refused with another status'),
  };
}

type Body = Record<string, unknown>;

/** A client of consumers that notes the status of each answer. */
export class PeerClient {
  readonly group = newGroup();
  readonly statuses: number[] = [];
  readonly #created = new Set<string>();
  /** The `Accept` of polls. */
  accept = 'application/vnd.kafka.json.v2+json';
  /** Behind each path. */
  readonly trail: string;

  constructor(trail = '') {
    this.trail = trail;
  }

  async create(options: Body = {}, headers: Record<string, string> = {}): Promise<Answer<{ instance_id: string; base_uri: string }>> {
    const answer = await call<{ instance_id: string; base_uri: string }>('POST', `/consumers/${this.group}${this.trail}`, {
      headers: { 'content-type': 'application/vnd.kafka.v2+json', ...headers },
      body: JSON.stringify(options),
    });
    if (answer.status === 200) this.#created.add(answer.json.instance_id);
    return this.#note(answer);
  }

  /** Something of an instance; that is called `c` unless it is said. */
  async send(method: string, path: string, body?: unknown, { name = 'c', group = this.group } = {}): Promise<Answer<Body>> {
    return this.#note(await new TestConsumer(group, name).request<Body>(method, `${path}${this.trail}`, body));
  }

  /** The same, which is not noted; it polls first, as the bridges' consumers do what they do when they are polled. */
  async quietly(method: string, path: string): Promise<Answer> {
    const consumer = new TestConsumer(this.group, 'c');
    await consumer.poll();
    return consumer.request(method, path);
  }

  subscribe = (...topics: string[]): Promise<Answer<Body>> => this.send('POST', '/subscription', { topics });
  assign = (...partitions: object[]): Promise<Answer<Body>> => this.send('POST', '/assignments', { partitions });
  remove = (name = 'c'): Promise<Answer<Body>> => this.send('DELETE', '', undefined, { name });

  async poll(query: Record<string, string | number> = {}): Promise<FetchedRecord[]> {
    const parts = { headers: { accept: this.accept }, query: { timeout: 20_000, ...query } };
    const { status, json } = await new TestConsumer(this.group, 'c').request<FetchedRecord[]>(
      'GET',
      `/records${this.trail}`,
      undefined,
      parts,
    );
    this.statuses.push(status);
    return status === 200 ? json : [];
  }

  #note<T>(answer: Answer<T>): Answer<T> {
    this.statuses.push(answer.status);
    return answer;
  }

  /** Deletes what is left. */
  async end(): Promise<void> {
    for (const name of this.#created) await new TestConsumer(this.group, name).remove();
  }
}

/** Runs a case, and makes sure that the answers have the statuses that it says. */
export async function runCase({ peer, gateway = peer, run }: PeerCase, trail = ''): Promise<void> {
  const client = new PeerClient(trail);
  try {
    await run(client);
  } finally {
    await client.end();
  }
  assert.deepEqual(client.statuses, gateway);
}
