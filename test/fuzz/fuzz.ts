import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { RouteKey } from '../../lib/http/api.ts';
import { captureLog } from '../harness/events/http-event.ts';
import { type Answer, call, configure } from '../harness/http/gateway.ts';
import { clusterId } from '../harness/http/v3.ts';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { costOf, isTooMuch } from './costs.ts';
import { judge, judgeLog } from './judge.ts';
import type { Known } from './known.ts';
import { anyRequest, type FuzzRequest } from './requests.ts';

/** How long after its deadline a request counts as hanging. */
const HANGS_MS = 10_000;

/** How many of the slowest requests are told of. */
const MOST_SHOWN = 5;

/** How much is tried: so many requests, or for so long. */
export interface Extent {
  seed: number;
  requests?: number;
  seconds?: number;
}

/** What was answered: how often each status was, and how often each route did what it was asked for. */
export interface Answered {
  statuses: Map<number, number>;
  successes: Map<RouteKey, number>;
  /** The requests during which the event loop stood still for the longest, the longest first. */
  slowest: { stallMs: number; request: string }[];
}

/**
 * Sends requests made up by chance to the functions, in front of a real Kafka.
 *
 * @throws with the seed and the smallest request found whose answer, log or lack of an answer is not as it must be
 */
export async function fuzz(t: TestContext, { seed, requests = Number.MAX_SAFE_INTEGER, seconds }: Extent): Promise<Answered> {
  configure(sharedKafka());
  const known = await knownToKafka();
  const lines = captureLog(t);
  const statuses = new Map<number, number>();
  const successes = new Map<RouteKey, number>();
  const slowest: Answered['slowest'] = [];

  const tryOut = async (request: FuzzRequest): Promise<void> => {
    const bytes = request.parts.body?.length ?? 0;
    const { result, ...cost } = await costOf(() => {
      lines.length = 0;
      return answerTo(request);
    }, bytes);
    assert.ok(!isTooMuch(cost, bytes), `the heap has grown by ${cost.growth} bytes`);
    slowest.push({ stallMs: cost.stallMs, request: `${request.method} ${request.path.slice(0, 100)}, ${bytes} bytes: ${result.status}` });
    slowest.sort((one, other) => other.stallMs - one.stallMs);
    slowest.length = Math.min(slowest.length, MOST_SHOWN);
    let answer = result;
    // The machine may have been too busy for Kafka to answer in time, but not twice.
    if (answer.status >= 503) {
      lines.length = 0;
      answer = await answerTo(request);
      assert.ok(answer.status < 503, answer.text);
    }
    const route = judge(answer, request);
    judgeLog(lines, answer, request);
    count(statuses, answer.status);
    if (route !== null) count(successes, route);
  };

  // When time is up, fast-check leaves the request under way behind.
  let last: Promise<void> = Promise.resolve();
  const property = fc.asyncProperty(anyRequest(known), (request) => {
    last = tryOut(request);
    return last;
  });
  await fc.assert(property, { seed, numRuns: requests, ...(seconds !== undefined && { interruptAfterTimeLimit: seconds * 1000 }) });
  await last;
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  for (const topic of known.there) assert.equal((await call('GET', `/topics/${topic}`)).status, 200);
  return { statuses, successes, slowest };
}

const count = <Key>(counts: Map<Key, number>, key: Key): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);

/** Makes topics with a few records, and finds out what else there is. */
async function knownToKafka(): Promise<Known> {
  const there = [await createTopic({ partitions: 2 }), await createTopic({ partitions: 2, configs: { 'cleanup.policy': 'compact' } })];
  const headers = { a: 'b', binary: Buffer.from([0xff, 0]) };
  await writeTopic(there[0], [
    { value: 'text' },
    { key: 'key', value: '{"json":true,\r\n"list":[{"id":"x","n":2}]}', headers },
    { key: 'key', value: null },
    { value: '\0\0\0\0\u0001binary\nitem\nid: none' },
  ]);
  const { json } = await call<{ brokers: number[] }>('GET', '/brokers');
  const names = [0, 1, 2].map((i) => `${there[0]}-${i}`);
  return { there, added: names, groups: names.slice(0, 2), cluster: await clusterId(), brokers: json.brokers };
}

async function answerTo({ method, path, parts }: FuzzRequest): Promise<Answer> {
  const late = new AbortController();
  try {
    const hanging = delay((parts.remainingMs ?? 0) + HANGS_MS, null, { signal: late.signal });
    const answer = await Promise.race([call(method, path, parts), hanging]);
    return answer ?? assert.fail('no answer');
  } finally {
    late.abort();
  }
}
