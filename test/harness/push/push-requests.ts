import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { handler as deliver } from '../../../functions/deliver.ts';
import { type Answer, call } from '../http/gateway.ts';
import type { Receiver } from './receiver.ts';
import { PREFIX } from './signing.ts';

/** The parts of a subscription that tests look at, as the gateway shows them. */
export interface Shown {
  name: string;
  state: string;
  reason: string | null;
  version: number;
  lag: number;
  delivered: number;
  dead_lettered: number;
  dropped: number;
  parked: number;
  replaying: boolean;
  last_error: { status: number | null; message: string } | null;
  problem: string | null;
  error_code?: number;
  message?: string;
}

/** The name of a test's signing key. */
export const SIGNING = `${PREFIX}signing`;

/** A new subscription name. */
export const newName = (): string => `sub-${randomUUID()}`;

export const put = (name: string, body: object, headers: Record<string, string> = {}): Promise<Answer<Shown>> =>
  call('PUT', `/subscriptions/${name}`, { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

export const act = (name: string, what: string, body: object = {}): Promise<Answer<Shown>> =>
  call('POST', `/subscriptions/${name}/${what}`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const get = async (name: string): Promise<Shown> => (await call<Shown>('GET', `/subscriptions/${name}`)).json;

/** Creates a subscription to a topic; its endpoint has answered the ping. */
export async function subscribe(topic: string, receiver: Receiver, definition: object = {}): Promise<string> {
  const name = newName();
  const made = await put(name, { topics: [topic], url: receiver.url, signing: { secret: SIGNING }, from: 'earliest', ...definition });
  assert.equal(made.status, 201, made.text);
  const verified = await act(name, 'verify');
  assert.equal(verified.status, 200, verified.text);
  assert.equal(verified.json.state, 'active');
  return name;
}

/** Delivers for this long, or until nothing is left to do before that: it does not wait for a later attempt. */
export const deliverFor = (ms: number) => deliver({}, { getRemainingTimeInMillis: () => ms + 20_000 });
